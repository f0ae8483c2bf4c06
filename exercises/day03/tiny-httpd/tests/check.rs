//! The server runs in a process of its own, and the test plays its clients. That nothing more will
//! come is seen when the server sleeps.

mod server;

use std::net::Shutdown;
use std::time::Duration;

use server::{AN_HOUR, PAGES, Server};
use testkit::exercise::Observed as _;
use testkit::exercise::http::Shown;
use testkit::{equal, peer, step};
use tiny_httpd::HEAD;

testkit::exercise! {
    t1_a_page,
    t2_which_page,
    t3_which_method,
    t4_what_is_no_request,
    t5_one_byte_at_a_time,
    t6_bytes_that_nobody_wants,
    t7_who_says_nothing_and_who_leaves: limit(Duration::from_secs(30)),
    t8_a_head_that_does_not_end,
}

fn t1_a_page() {
    let server = Server::start(AN_HOUR);
    for request in [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ] {
        step!("a client asks {:?}", Shown(request.as_bytes()));
        let answer = server.asked(request, "a page");
        equal!((answer.code, &*answer.text), (200, "OK"), "the status of a page");
        equal!(
            String::from_utf8_lossy(&answer.body),
            PAGES[0].1,
            "a page, as many bytes of it as Content-Length says. Characters are not what is \
             counted there"
        );
        equal!(
            answer.field("Content-Type"),
            Some("text/html; charset=utf-8"),
            "the Content-Type of a page: without the charset, browsers guess"
        );
    }
}

fn t2_which_page() {
    let server = Server::start(AN_HOUR);
    for (target, code, page) in [
        ("/tank", 200, PAGES[1].1),
        ("/tank?unit=C", 200, PAGES[1].1),
        ("/?/nothing", 200, PAGES[0].1),
        ("/tank/log", 200, ""),
        ("/nothing", 404, ""),
        ("/tan", 404, ""),
        ("/tank/", 404, ""),
        ("/tanks", 404, ""),
        ("/Tank", 404, ""),
    ] {
        let answer = server
            .asked(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"), &format!("GET {target}"));
        equal!(
            answer.code,
            code,
            "the code for GET {target}. There are the pages /, /tank and /tank/log, a path is the \
             same only if it is the same to its end, and a ? with what is behind it is no part of \
             it"
        );
        if code == 200 {
            equal!(String::from_utf8_lossy(&answer.body), page, "the page at {target}");
        }
    }
}

fn t3_which_method() {
    let server = Server::start(AN_HOUR);
    for (target, code) in [("/", 200), ("/nothing", 404)] {
        let head = format!("HEAD {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        let head = server.asked(head, &format!("HEAD {target} (an answer to HEAD has no body)"));
        let get = server.asked(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"), "a page");
        equal!(head.code, code, "the code for HEAD {target}");
        equal!(head.fields, get.fields, "the fields to HEAD {target}: those that GET would get");
    }
    for method in ["POST", "PUT", "DELETE", "get", "BREW"] {
        let answer = server.asked(format!("{method} / HTTP/1.1\r\nHost: x\r\n\r\n"), method);
        equal!(
            answer.code,
            405,
            "the code for {method}: what a page can be asked for is GET and HEAD"
        );
        equal!(
            answer.field("Allow"),
            Some("GET, HEAD"),
            "the field Allow to {method}: with 405 a client is told what would be allowed (RFC \
             9110, 15.5.6)"
        );
    }
}

fn t4_what_is_no_request() {
    let server = Server::start(AN_HOUR);
    for line in [
        &b"hello"[..],
        b"",
        b"GET",
        b"GET /",
        b"GET / HTTP/1.1 x",
        b"GET  / HTTP/1.1",
        b" / HTTP/1.1",
        b"GET tank HTTP/1.1",
        b"GET / HTTP/2.0",
        b"GET / SMTP/1.1",
        b"GET /\xe4 HTTP/1.1",
        "GET /\u{6e29} HTTP/1.1".as_bytes(),
        b"\xff\xfe\x00 / HTTP/1.1",
    ] {
        let what = format!("a request whose first line is {:?}", Shown(line));
        let answer = server.asked([line, b"\r\nHost: x\r\n\r\n"].concat(), &what);
        equal!(answer.code, 400, "the code for {what}");
        step!("{what} was refused");
    }
    let camera = b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: Gew\xe4chshaus\r\n\r\n";
    let answer = server.asked(camera, "a camera whose name is not UTF-8");
    equal!(
        answer.code,
        200,
        "the code for a request with a field that is not UTF-8. Its first line is good, and a \
         value may have such bytes in it (RFC 9110, 5.5)"
    );
}

fn t5_one_byte_at_a_time() {
    const WHY: &str = "TCP hands over what has arrived (recv(2)), and a request is whole with its \
                       empty line, not when a read has returned";
    let server = Server::start(AN_HOUR);
    let client = server.client();
    let request = b"GET /tank HTTP/1.1\r\nHost: x\r\n\r\n";
    let (last, first) = request.split_last().unwrap();
    for (at, byte) in first.iter().enumerate() {
        client.say([*byte]);
        // The others may meet on their way.
        if [2, 10, 20].contains(&at) || at + 4 > first.len() {
            peer::until_read(&client.stream);
        }
    }
    step!("a client has sent a request but for its last byte, in {} writes", first.len());
    assert!(
        !server.answers(&client.stream),
        "all has come but the last byte, and there is an answer already: {}. {WHY}",
        client.answer("GET", "half a request").code
    );
    client.say([*last]);
    let what = format!("a request that has come one byte at a time. {WHY}");
    let answer = client.answer("GET", &what);
    equal!(answer.code, 200, "the code for {what}");
    equal!(String::from_utf8_lossy(&answer.body), PAGES[1].1, "the page for it");
}

fn t6_bytes_that_nobody_wants() {
    let server = Server::start(AN_HOUR);
    let form = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n{}",
        "x".repeat(20_000)
    );
    let answer = server.asked(form, "a form of 20 kB, which is not read");
    equal!(answer.code, 405, "the code for a form");
    let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let answer =
        server.asked(request.repeat(200), "200 requests in one write (the first is answered)");
    equal!(
        String::from_utf8_lossy(&answer.body),
        PAGES[0].1,
        "the page for the first of 200 requests"
    );
}

fn t7_who_says_nothing_and_who_leaves() {
    let server = Server::start(Duration::from_millis(100));
    let silent = server.client();
    step!("a client has connected and says nothing");
    let other = server.client();
    other.say("GET /tank HTTP/1.1\r\nHost: x\r\n\r\n");
    let came = other.stream.peek(&mut [0; 1]);
    assert!(
        matches!(came, Ok(1)),
        "a client has connected and says nothing, and nobody else is served: {came:?}. It may have \
         gone out of reach, which nobody tells you. A read has a limit if you set one \
         (SO_RCVTIMEO, socket(7)). {}",
        server.place()
    );
    equal!(other.answer("GET", "a client behind a silent one").code, 200, "its code");
    drop(silent);
    for part in ["", "GET /ta", "GET /tank HTTP/1.1\r\nHost: x\r\n"] {
        let client = server.client();
        client.say(part);
        client.stream.shutdown(Shutdown::Write).unwrap();
        step!("a client has sent {part:?} and ended its side (a FIN)");
        server.serves(
            "a page, after a client has ended in the middle of a request: a read that \
            returns 0 will do so for ever",
        );
        let client = server.client();
        client.say(part);
        peer::reset(client.stream).unwrap();
        step!("a client has sent {part:?} and broken off with a RST (ECONNRESET)");
        server.serves("a page, after a client has broken off");
    }
}

fn t8_a_head_that_does_not_end() {
    let server = Server::start(AN_HOUR);
    let head = |length: usize| {
        let start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
        format!("{start}{}\r\n\r\n", "a".repeat(length - start.len() - 4))
    };
    let answer = server.asked(head(HEAD), "a head of exactly HEAD bytes");
    equal!(answer.code, 200, "the code for a head of exactly HEAD bytes");
    let endless = head(4 * HEAD);
    for (what, request) in [
        ("a head of HEAD + 1 bytes", head(HEAD + 1).as_str()),
        (
            "a head that has no end yet, and cannot become shorter (what is kept of it is your \
             memory)",
            &endless[..HEAD + 1000],
        ),
        ("a head of four times HEAD", &endless),
    ] {
        let answer = server.asked(request, what);
        equal!(
            answer.code,
            431,
            "the code for {what}: HEAD counts all of a head, with its empty line"
        );
    }
}
