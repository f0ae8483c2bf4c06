//! How the head of an answer is written.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::time::UNIX_EPOCH;

use capstone_http::message::fields::date;
use capstone_http::message::{Limits, Parsed, Status, Writer, parse};
use fastrand::Rng;

/// Whatever a value is made of, it stays the value of its field.
#[test]
fn nobody_writes_a_field_of_his_own() {
    let mut random = Rng::with_seed(9);
    for _ in 0..2000 {
        let pieces =
            [&b"\r\n"[..], b"\n", b"\r", b"\0", b"X: y", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b" "];
        let value: Vec<u8> = (0..6).flat_map(|_| random.choice(pieces).unwrap()).copied().collect();
        let mut out = b"before".to_vec();
        let writer = Writer::new(&mut out, Status::SeeOther).field("Location", &value);
        writer.length(random.u64(..)).date(&date::text(UNIX_EPOCH)).end();
        let head = out.strip_prefix(b"beforeHTTP/1.1 303 See Other\r\n").unwrap();
        // Read as if it were a request's.
        let request = [b"GET / HTTP/1.0\r\n", head].concat();
        let Ok(Parsed::Done { head, length }) = parse(&request, &Limits::default()) else {
            panic!()
        };
        let names: Vec<_> = head.fields.iter().map(|field| field.name).collect();
        assert_eq!(names, [&b"Location"[..], b"Content-Length", b"Date"]);
        assert_eq!(length, request.len());
    }
}

#[test]
fn numbers_in_answers() {
    for number in [0, 1, 9, 10, 99, 100, 65_535, 1 << 32, u64::MAX - 1, u64::MAX] {
        let mut out = Vec::new();
        Writer::new(&mut out, Status::Ok).number("N", number).end();
        assert_eq!(out, format!("HTTP/1.1 200 OK\r\nN: {number}\r\n\r\n").into_bytes());
    }
}

#[test]
fn every_status_has_three_digits_and_a_phrase() {
    for status in Status::ALL {
        let mut out = Vec::new();
        Writer::new(&mut out, *status).end();
        assert_eq!(out, format!("HTTP/1.1 {status}\r\n\r\n").into_bytes());
        assert!((100..600).contains(&status.code()) && !status.phrase().is_empty());
    }
}
