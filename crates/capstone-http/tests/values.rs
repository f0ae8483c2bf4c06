//! What values of fields mean: dates, weights, entity tags, lists.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use capstone_http::message::fields::date::{self, Clock};
use capstone_http::message::fields::etag::{Condition, ETag, tags};
use capstone_http::message::fields::list::members;
use capstone_http::message::fields::quality::accept_encoding;
use fastrand::Rng;

fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(second)
}

/// RFC 9110, 5.6.7: one moment, three spellings.
#[test]
fn dates_in_three_spellings() {
    let moment = at(784_111_777);
    assert_eq!(date::parse(b"Sun, 06 Nov 1994 08:49:37 GMT"), Some(moment));
    assert_eq!(date::parse(b"Sunday, 06-Nov-94 08:49:37 GMT"), Some(moment));
    assert_eq!(date::parse(b"Sun Nov  6 08:49:37 1994"), Some(moment));
    assert_eq!(&date::text(moment), b"Sun, 06 Nov 1994 08:49:37 GMT");
    let odd: [&[u8]; 7] = [
        b"",
        b"0",
        b"Sun, 06 Nov 1994 08:49:37",
        b"Sun, 06 Nov 1994 08:49:37 CET",
        b"Sun, 31 Feb 1994 08:49:37 GMT",
        b"Sun, 06 Nov 1994 25:00:00 GMT",
        b"\xff\xff",
    ];
    for odd in odd {
        assert_eq!(date::parse(odd), None, "{}", odd.escape_ascii());
    }
}

#[test]
fn any_date_is_read_as_it_was_written() {
    let (mut random, mut clock) = (Rng::with_seed(6), Clock::new());
    let last = 253_402_300_799;
    let seconds: Vec<u64> = (0..5000).map(|_| random.u64(..=last)).collect();
    for second in seconds.into_iter().chain([0, 1, last, last - 1]) {
        let text = date::text(at(second));
        assert_eq!(date::parse(&text), Some(at(second)));
        let later = at(second) + Duration::from_nanos(random.u64(..1_000_000_000));
        assert_eq!(clock.text(later), &text);
        assert_eq!(clock.text(at(second)), &text);
    }
    // Nothing to write: the nearest is.
    assert_eq!(date::text(at(last + 1)), date::text(at(last)));
    assert_eq!(date::text(UNIX_EPOCH - Duration::from_secs(1)), date::text(UNIX_EPOCH));
}

fn quality(value: &str, coding: &str) -> u16 {
    accept_encoding(value.split('\n').map(str::as_bytes), coding).thousandths()
}

/// RFC 9110, 12.4.2 and 12.5.3.
#[test]
fn weights_of_codings() {
    let cases = [
        ("gzip", "gzip", 1000),
        ("gzip", "br", 0),
        ("GZip;Q=0.5", "gzip", 500),
        ("x-gzip", "gzip", 1000),
        ("gzip;q=0", "gzip", 0),
        ("gzip ; q=0.123", "gzip", 123),
        ("gzip;q=1.000", "gzip", 1000),
        ("*", "br", 1000),
        ("*;q=0.1, br", "br", 1000),
        ("*;q=0.1, br", "gzip", 100),
        ("br\ngzip;q=0.2", "gzip", 200),
        ("gzip;q=0.2, gzip", "gzip", 200),
        ("", "gzip", 0),
        ("", "identity", 1000),
        ("gzip", "identity", 1000),
        ("identity;q=0", "identity", 0),
        ("*;q=0", "identity", 0),
        ("*;q=0, identity;q=0.5", "identity", 500),
        ("gzipped", "gzip", 0),
        // What is no weight is none.
        ("gzip;q=1.001", "gzip", 0),
        ("gzip;q=2", "gzip", 0),
        ("gzip;q=0.1234", "gzip", 0),
        ("gzip;q=-1", "gzip", 0),
        ("gzip;q=", "gzip", 0),
        ("gzip;q=.5", "gzip", 0),
        ("gzip;q", "gzip", 0),
        ("gzip;level=9", "gzip", 0),
        ("gzip;q=0x1", "gzip", 0),
        ("gzip;q=0.5;a", "gzip", 0),
        ("gzip;q=1.", "gzip", 1000),
        ("gzip;q=0.", "gzip", 0),
    ];
    for (value, coding, expected) in cases {
        assert_eq!(quality(value, coding), expected, "{value:?} for {coding}");
    }
}

#[test]
fn any_weight_is_read() {
    for thousandths in 0..=1000_u16 {
        let text = format!("a, gzip;q={}.{:03}, b", thousandths / 1000, thousandths % 1000);
        assert_eq!(quality(&text, "gzip"), thousandths, "{text}");
    }
}

#[test]
fn tags_are_strong_or_weak() {
    let (a, b) = (ETag::parse(b"\"1\"").unwrap(), ETag::parse(b"W/\"1\"").unwrap());
    // The table of RFC 9110, 8.8.3.2.
    assert!(!b.strong_eq(&b) && b.weak_eq(&b));
    assert!(!b.strong_eq(&a) && !a.strong_eq(&b) && b.weak_eq(&a));
    assert!(a.strong_eq(&a) && a.weak_eq(&a));
    assert!(!a.weak_eq(&ETag::parse(b"\"2\"").unwrap()));
    let odd: [&[u8]; 9] =
        [b"", b"1", b"\"", b"\"1", b"1\"", b"w/\"1\"", b"W/1", b"\"a b\"", b"\"a\"b\""];
    for odd in odd {
        assert_eq!(ETag::parse(odd), None, "{}", odd.escape_ascii());
    }
}

/// Lists of tags with commas, backslashes and high bytes in them are read as they were written.
#[test]
fn any_list_of_tags() {
    let mut random = Rng::with_seed(8);
    for _ in 0..5000 {
        let mut written: Vec<(bool, Vec<u8>)> = Vec::new();
        let mut value = Vec::new();
        for _ in 0..random.usize(..6) {
            let bytes = b"ab,\\W/;!#\x80\xff~";
            let opaque: Vec<u8> =
                (0..random.usize(..6)).map(|_| *random.choice(bytes).unwrap()).collect();
            let weak = random.bool();
            for _ in 0..random.usize(..3) {
                value.extend_from_slice(random.choice([&b" "[..], b"\t", b","]).unwrap());
            }
            value.extend_from_slice(if weak { b"W/\"" } else { b"\"" });
            value.extend_from_slice(&opaque);
            value.extend_from_slice(b"\" ,");
            written.push((weak, opaque));
        }
        let read: Vec<_> = tags(&value).map(|tag| (tag.weak, tag.opaque.to_vec())).collect();
        assert_eq!(read, written, "{}", value.escape_ascii());
        let any = |opaque: &[u8]| Condition::new(&value).any(|tag| tag.opaque == opaque);
        assert!(written.iter().all(|(_, opaque)| any(opaque)));
        assert!(!any(b"c"));
    }
    assert!(Condition::new(b"*").any(|_| false));
    // Behind what is no tag nothing is believed.
    assert_eq!(tags(b"\"a\", b, \"c\"").count(), 1);
    assert_eq!(tags(b"\"a\" \"c\"").count(), 0);
}

#[test]
fn members_of_lists() {
    let list = |value: &'static str| members(value.as_bytes()).collect::<Vec<_>>();
    assert_eq!(list("a, b\t,,c ,"), [b"a", b"b", b"c"]);
    assert!(list(" , ,").is_empty());
    assert_eq!(list("a=\"b,\\\",c\", d"), [&b"a=\"b,\\\",c\""[..], b"d"]);
}
