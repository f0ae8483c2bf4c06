//! Framing, fed in every way in which a stream may cut it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use bytes::Bytes;
use sockets::framing::{Decoder, Error, Lengths, Lines};

/// All that a decoder gives for these portions, errors included, and then for the end.
fn decode(mut decoder: impl Decoder, portions: &[&[u8]]) -> Vec<Result<Bytes, Error>> {
    let mut given = Vec::new();
    for portion in portions {
        decoder.push(portion);
        loop {
            match decoder.next() {
                Ok(None) => break,
                Ok(Some(message)) => given.push(Ok(message)),
                Err(error) => {
                    // Lengths repeats its error for ever, so one is enough.
                    if given.last() == Some(&Err(error)) {
                        break;
                    }
                    given.push(Err(error));
                }
            }
        }
    }
    match decoder.finish() {
        Ok(rest) => given.extend(rest.map(Ok)),
        Err(error) if given.last() == Some(&Err(error)) => {}
        Err(error) => given.push(Err(error)),
    }
    given
}

/// The same stream, whole, byte by byte, and cut once at every place.
fn every_cut(stream: &[u8], mut check: impl FnMut(&[&[u8]])) {
    check(&[stream]);
    check(&stream.chunks(1).collect::<Vec<_>>());
    for at in 0..=stream.len() {
        check(&[&stream[..at], &stream[at..]]);
    }
}

fn lines(portions: &[&[u8]], limit: usize) -> Vec<Result<String, Error>> {
    let text = |line: Bytes| String::from_utf8_lossy(&line).into_owned();
    decode(Lines::with_limit(limit), portions).into_iter().map(|line| line.map(text)).collect()
}

fn ok(texts: &[&str]) -> Vec<Result<String, Error>> {
    texts.iter().map(|text| Ok((*text).to_owned())).collect()
}

#[test]
fn lines_do_not_depend_on_how_the_stream_was_cut() {
    every_cut("one\r\n\ntwo words\n\r\n里\nlast".as_bytes(), |portions| {
        assert_eq!(lines(portions, 9), ok(&["one", "", "two words", "", "里", "last"]));
    });
    every_cut(b"a\rb\n\r\r\n", |portions| {
        assert_eq!(lines(portions, 9), ok(&["a\rb", "\r"]), "one \\r belongs to the end, no more");
    });
    assert_eq!(lines(&[], 9), ok(&[]));
    assert_eq!(lines(&[b"\xff\xfe\n"], 9), ok(&["\u{fffd}\u{fffd}"]), "bytes, not text");
}

#[test]
fn a_line_above_the_limit_costs_only_itself() {
    let long = Err(Error::TooLong { limit: 3 });
    every_cut(b"abc\nabcd\nabc\r\nabcd\r\nx\nabcdefgh\nabc", |portions| {
        let expected =
            [ok(&["abc"]), vec![long.clone()], ok(&["abc"]), vec![long.clone()], ok(&["x"])];
        let expected = [expected.concat(), vec![long.clone()], ok(&["abc"])].concat();
        assert_eq!(lines(portions, 3), expected, "{portions:?}");
    });
    every_cut(b"ab\nabcd", |portions| {
        assert_eq!(lines(portions, 3), [ok(&["ab"]), vec![long.clone()]].concat());
    });
    let only_long = [long];
    every_cut(b"abc\r", |portions| assert_eq!(lines(portions, 3), only_long, "{portions:?}"));
}

#[test]
fn what_is_encoded_is_decoded() {
    let mut stream = Vec::new();
    Lines::encode(b"one", &mut stream);
    Lines::encode(b"", &mut stream);
    assert_eq!(stream, b"one\n\n");
    assert_eq!(lines(&[&stream], 9), ok(&["one", ""]));

    let mut stream = Vec::new();
    for message in [&b"one"[..], b"", b"\0\n\0"] {
        Lengths::encode(message, &mut stream).unwrap();
    }
    assert_eq!(&stream[..8], b"\0\0\0\x03one\0", "network order");
    every_cut(&stream, |portions| {
        let expected = [&b"one"[..], b"", b"\0\n\0"].map(|m| Ok(Bytes::from_static(m)));
        assert_eq!(decode(Lengths::with_limit(3), portions), expected);
    });
}

#[test]
#[should_panic(expected = "a line cannot contain a newline")]
fn a_newline_inside_a_line_is_a_mistake_of_the_program() {
    Lines::encode(b"a\nb", &mut Vec::new());
}

#[test]
fn a_length_above_the_limit_is_refused_before_its_bytes_come() {
    let long = Err(Error::TooLong { limit: 3 });
    every_cut(b"\0\0\0\x01x\xff\xff\xff\xffgarbage", |portions| {
        assert_eq!(
            decode(Lengths::with_limit(3), portions),
            [Ok(Bytes::from_static(b"x")), long.clone()]
        );
    });
    assert_eq!(decode(Lengths::with_limit(3), &[b"\0\0\0\x04"]), [long]);
}

#[test]
fn an_end_inside_a_message_is_no_end() {
    for (stream, have) in [(&b"\0"[..], 1), (b"\0\0\0\x02", 4), (b"\0\0\0\x02a", 5)] {
        assert_eq!(decode(Lengths::with_limit(9), &[stream]), [Err(Error::Truncated { have })]);
    }
    assert_eq!(decode(Lengths::with_limit(9), &[b"\0\0\0\x01a"]).len(), 1, "an end between is one");
    assert_eq!(decode(Lengths::with_limit(9), &[]), []);
}
