//! Bytes in, value out.

use super::*;

const GET: &[u8] = b"GET /a?b=c HTTP/1.1\r\nHost: x\r\naccept:\t */* \r\n\r\n";

fn status(bytes: &[u8]) -> Status {
    parse(bytes).unwrap_err()
}

#[test]
fn the_parts_of_a_request() {
    let (request, length) = parse(GET).unwrap().unwrap();
    assert_eq!((request.method, request.target, request.version), ("GET", "/a?b=c", "HTTP/1.1"));
    assert_eq!(request.fields, [("Host", &b"x"[..]), ("accept", b"*/*")]);
    assert_eq!(length, GET.len());
    assert!(!request.wants_close() && !request.has_body());
}

#[test]
fn however_it_is_cut_it_is_the_same_request() {
    for at in 0..GET.len() {
        assert!(parse(&GET[..at]).unwrap().is_none(), "{at} bytes are no request");
    }
    let two = [b"\r\n", GET, b"\xff\0 the next bytes are not looked at"].concat();
    assert_eq!(parse(&two).unwrap().unwrap().1, 2 + GET.len());
}

#[test]
fn what_is_no_request() {
    for bytes in [
        &b"\x16\x03\x01"[..],
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET / HTTP/1.1\rHost: x",
        b"GET /\0 HTTP/1.1\r\n",
        b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
        b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
        b" / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xe4\xbd\xa0 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / http/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        assert_eq!(status(bytes), Status::BadRequest, "{}", bytes.escape_ascii());
    }
    assert_eq!(status(b"GET / HTTP/2.0\r\nHost: x\r\n\r\n"), Status::VersionNotSupported);
}

#[test]
fn the_limits_hold_to_the_byte_and_before_the_end_has_come() {
    let line = |length: usize| format!("GET /{}", "a".repeat(length - 5)).into_bytes();
    assert!(parse(&line(LINE)).unwrap().is_none());
    assert_eq!(status(&line(LINE + 1)), Status::UriTooLong);

    let head = |length: usize| {
        let start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
        format!("{start}{}\r\n\r\n", "a".repeat(length - start.len() - 4)).into_bytes()
    };
    assert!(parse(&head(HEAD)).unwrap().is_some());
    assert_eq!(status(&head(HEAD + 1)), Status::FieldsTooLarge);
    assert_eq!(status(&head(HEAD + 9)[..=HEAD]), Status::FieldsTooLarge);
    assert_eq!(status("\r\n".repeat(HEAD).as_bytes()), Status::FieldsTooLarge);
}

#[test]
fn who_closes_and_who_has_a_body() {
    for (fields, version, close, body) in [
        ("", "1.1", false, false),
        ("", "1.0", true, false),
        ("Connection: Close\r\n", "1.1", true, false),
        ("Connection: keep-alive, close\r\n", "1.1", true, false),
        ("Connection: closed\r\n", "1.1", false, false),
        ("Content-Length: 0\r\n", "1.1", false, false),
        ("Content-Length: 10\r\n", "1.1", false, true),
        ("Transfer-Encoding: chunked\r\n", "1.1", false, true),
    ] {
        let bytes = format!("GET / HTTP/{version}\r\nHost: x\r\n{fields}\r\n");
        let (request, _) = parse(bytes.as_bytes()).unwrap().unwrap();
        assert_eq!((request.wants_close(), request.has_body()), (close, body), "{fields:?}");
    }
}
