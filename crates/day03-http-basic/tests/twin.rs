//! The broken twins are broken in the way that they say.

use testkit::Program;

#[test]
fn one_read_request_refuses_a_request_in_two_pieces() {
    let done = Program::example("one_read_request").run();
    done.succeeded();
    let lines: Vec<_> = done.stdout.lines().collect();
    assert!(lines[0].starts_with("59 of 59") && lines[0].ends_with("200 OK"), "{lines:?}");
    assert!(lines[1].starts_with("13 of 59") && lines[1].ends_with("400 Bad Request"), "{lines:?}");
}

#[test]
fn chars_as_length_cuts_a_chinese_body() {
    let done = Program::example("chars_as_length").run();
    done.succeeded();
    let lines: Vec<_> = done.stdout.lines().collect();
    assert!(lines[0].contains("6 bytes") && lines[0].ends_with(": 你好"), "{lines:?}");
    assert!(lines[1].ends_with("begins with: ，世界"), "{lines:?}");
    assert!(lines[2].contains("10 bytes too early"), "{lines:?}");
}
