//! The lesson runs by itself and teaches what it says.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn the_lesson_shows_both_formats_and_every_refusal() {
    let run = || {
        let done = Program::new(env!("CARGO_BIN_EXE_day03-http-basic")).run();
        done.succeeded();
        let (first, rest) = done.stdout.split_once('\n').unwrap();
        assert!(first.starts_with("listening on 127.0.0.1:"), "{first}");
        rest.to_owned()
    };
    let told = run();
    for line in [
        r"  > GET /hello HTTP/1.1\r\n",
        r"  < HTTP/1.1 200 OK\r\n",
        r"  < Content-Length: 16\r\n",
        r"  < \r\n",
        r"  < 你好，世界\n",
        "the body has 6 characters and 16 bytes",
        "  sent 13 bytes; the server says: 13 bytes have come",
        "  < HTTP/1.1 200 OK and 16 bytes",
        "after Connection: close, 0 more bytes and the end",
    ] {
        assert!(told.lines().any(|l| l == line), "{line:?} is not in\n{told}");
    }
    for (what, status) in [
        ("no such page", "HTTP/1.1 404 Not Found"),
        ("a method that no page has", "HTTP/1.1 405 Method Not Allowed  Allow: GET, HEAD"),
        ("a method that nobody knows", "HTTP/1.1 501 Not Implemented"),
        ("HTTP/1.1 without a Host", "HTTP/1.1 400 Bad Request"),
        (r"lines without \r", "HTTP/1.1 400 Bad Request"),
        ("half a request, and the end", "HTTP/1.1 400 Bad Request"),
        ("a line that does not end", "HTTP/1.1 414 URI Too Long"),
        ("a head that does not end", "HTTP/1.1 431 Request Header Fields Too Large"),
    ] {
        let line = format!("  {what:<28} {status}");
        assert!(told.lines().any(|l| l == line), "{line:?} is not in\n{told}");
    }
    assert_eq!(told, run(), "it is the same on every run");
}
