//! Every limit of a head has an answer of its own, and nothing below it is refused.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use capstone_http::message::{
    Body, Framing, Limits, Method, Parsed, Piece, Status, Target, Version, parse, parse_again,
};

fn status(bytes: &[u8], limits: &Limits) -> Option<Status> {
    match parse(bytes, limits) {
        Ok(Parsed::Done { length, .. }) => {
            assert_eq!(length, bytes.len());
            None
        }
        Ok(Parsed::Partial) => panic!("no answer to {}", bytes.escape_ascii()),
        Err(refusal) => Some(refusal.status),
    }
}

fn line(length: usize) -> Vec<u8> {
    let path = "a".repeat(length - "GET / HTTP/1.1".len());
    format!("GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes()
}

#[test]
fn the_length_of_the_first_line() {
    let limits = Limits { line: 100, ..Limits::default() };
    assert_eq!(status(&line(100), &limits), None);
    assert_eq!(status(&line(101), &limits), Some(Status::UriTooLong));
    // It is said as soon as it is so: no need to wait for the end, which may never come.
    let endless = [b"GET /".as_slice(), &[b'a'; 200]].concat();
    assert_eq!(parse(&endless[..101], &limits), Ok(Parsed::Partial));
    assert_eq!(status(&endless[..102], &limits), Some(Status::UriTooLong));
    let again = parse_again(&endless[..102], 101, &limits);
    assert_eq!(again.unwrap_err().status, Status::UriTooLong);
}

#[test]
fn the_length_of_the_head() {
    let limits = Limits { head: 200, ..Limits::default() };
    let head = |length: usize| {
        let begin = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        format!("{begin}{}\r\n\r\n", "a".repeat(length - begin.len() - 4)).into_bytes()
    };
    assert_eq!(status(&head(200), &limits), None);
    assert_eq!(status(&head(201), &limits), Some(Status::FieldsTooLarge));
    let endless = &head(1000)[..200];
    assert_eq!(parse(&endless[..199], &limits), Ok(Parsed::Partial));
    assert_eq!(status(endless, &limits), Some(Status::FieldsTooLarge));
    assert_eq!(parse_again(endless, 199, &limits).unwrap_err().status, Status::FieldsTooLarge);
    // Places are counted in 16 bits, whatever a limit says.
    let wide = Limits { head: usize::MAX, line: usize::MAX, ..limits };
    assert_eq!(status(&head(65_535), &wide), None);
    assert_eq!(status(&head(65_536), &wide), Some(Status::FieldsTooLarge));
}

#[test]
fn the_number_of_fields() {
    let head = |count: usize| {
        format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(count - 1)).into_bytes()
    };
    let limits = Limits { fields: 10, ..Limits::default() };
    assert_eq!(status(&head(10), &limits), None);
    assert_eq!(status(&head(11), &limits), Some(Status::FieldsTooLarge));
    let wide = Limits { fields: usize::MAX, ..limits };
    assert_eq!(status(&head(64), &wide), None);
    assert_eq!(status(&head(65), &wide), Some(Status::FieldsTooLarge));
}

/// What a body in chunks is refused with.
fn refused(body: &str, limits: Limits) -> Option<Status> {
    let (mut decoder, mut rest) = (Body::new(Framing::Chunked, limits), body.as_bytes());
    loop {
        match decoder.feed(rest) {
            Err(refusal) => return Some(refusal.status),
            Ok(fed) if fed.piece == Piece::End => return None,
            Ok(fed) if fed.piece == Piece::Partial => panic!("no end of {body:?}"),
            Ok(fed) => rest = &rest[fed.used..],
        }
    }
}

#[test]
fn the_packing_of_a_body() {
    let limits = Limits { chunk_line: 10, trailer: 20, fields: 2, ..Limits::default() };
    assert_eq!(refused("5;abcdef\r\nhello\r\n0\r\n\r\n", limits), None);
    assert_eq!(refused("5;abcdefg\r\nhello\r\n0\r\n\r\n", limits), Some(Status::BadRequest));
    assert_eq!(refused("00000000000", limits), Some(Status::BadRequest));
    assert_eq!(refused("0\r\nA: b\r\nC: d\r\n\r\n", limits), None);
    assert_eq!(refused("0\r\nA: b\r\nC: d\r\nE: f\r\n\r\n", limits), Some(Status::FieldsTooLarge));
    assert_eq!(refused("0\r\nA: 345678901234567\r\n", limits), Some(Status::FieldsTooLarge));
    assert_eq!(refused("0\r\nA: 34567890123456789", limits), Some(Status::FieldsTooLarge));
}

/// The largest length there is costs nothing until it comes.
#[test]
fn a_body_that_is_announced_only() {
    let mut body = Body::new(Framing::Length(u64::MAX), Limits::default());
    for _ in 0..3 {
        let fed = body.feed(b"hello").unwrap();
        assert_eq!((fed.used, fed.piece), (5, Piece::Data(b"hello")));
    }
    let mut none = Body::new(Framing::None, Limits::default());
    let fed = none.feed(b"GET /next").unwrap();
    assert_eq!((fed.used, fed.piece), (0, Piece::End));
}

#[test]
fn a_head_is_understood() {
    let bytes = b"OPTIONS http://b:80/x?y HTTP/1.1\r\nhost: a\r\nConnection: TE, Close\r\n\r\n";
    let Ok(Parsed::Done { head, .. }) = parse(bytes, &Limits::default()) else { panic!() };
    assert_eq!((head.method, head.version), (Method::Options, Version::Http11));
    let target = Target::Absolute { authority: b"b:80", path: b"/x", query: Some(b"y") };
    assert_eq!(head.target, target);
    assert_eq!(head.host, Some(&b"b:80"[..]), "the target's, whatever Host says");
    assert!(!head.keep_alive());
    assert_eq!(head.fields.get("HOST"), Some(&b"a"[..]));
    assert_eq!(head.fields.get("Hos"), None);
    assert_eq!(head.framing, Framing::None);
}

/// Version, fields, whether the connection is kept, and what is said about a continuation.
#[test]
fn what_a_client_wants_of_the_connection() {
    let cases = [
        ("1.1", "", true, Ok(false)),
        ("1.0", "", false, Ok(false)),
        ("1.0", "Connection: Keep-Alive\r\n", true, Ok(false)),
        ("1.0", "Connection: keep-alive, close\r\n", false, Ok(false)),
        ("1.1", "Connection: a\r\nConnection: ,close\r\n", false, Ok(false)),
        ("1.1", "Connection: closed\r\n", true, Ok(false)),
        ("1.1", "Content-Length: 5\r\nExpect: 100-Continue\r\n", true, Ok(true)),
        ("1.0", "Content-Length: 5\r\nExpect: 100-continue\r\n", false, Ok(false)),
        ("1.1", "Expect: 100-continue\r\n", true, Ok(false)),
        ("1.1", "Expect: 200-ok\r\n", true, Err(Status::ExpectationFailed)),
    ];
    for (version, fields, keep, expects) in cases {
        let bytes = format!("PUT / HTTP/{version}\r\nHost: a\r\n{fields}\r\n");
        let parsed = parse(bytes.as_bytes(), &Limits::default());
        let Ok(Parsed::Done { head, .. }) = parsed else { panic!("{parsed:?}") };
        assert_eq!(head.keep_alive(), keep, "{bytes}");
        assert_eq!(head.expects_continue().map_err(|refusal| refusal.status), expects, "{bytes}");
    }
}
