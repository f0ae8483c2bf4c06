//! Any bytes as a packet, which written again is what it was; and as text, which comes back.

use capstone_tftp::tftp::netascii::{Decoder, Encoder};
use capstone_tftp::tftp::packet::{
    Code, Direction, Packet, Request, ack, error, oack, parse, request, stranger,
};

/// Panics when something does not come back.
pub(crate) fn play(bytes: &[u8]) {
    match parse(bytes) {
        Ok(Packet::Read(read)) => again(bytes, Direction::Read, &read),
        Ok(Packet::Write(write)) => again(bytes, Direction::Write, &write),
        Ok(Packet::Data { block, bytes: payload }) => {
            let [high, low] = block.to_be_bytes();
            assert_eq!([&[0, 3, high, low], payload].concat(), bytes);
        }
        Ok(Packet::Ack(block)) => assert_eq!(ack(block), bytes[..4]),
        Ok(Packet::Error { words, .. }) => assert!(!words.contains(&0)),
        Ok(Packet::Oack(pairs)) => {
            let written: Vec<u8> =
                pairs.iter().flat_map(|(name, value)| [name, &[0], value, &[0]].concat()).collect();
            assert_eq!(oack(&written), bytes);
        }
        Err(malformed) => assert!(!malformed.to_string().is_empty()),
    }
    if let Some(answer) = stranger(bytes) {
        assert!(matches!(parse(&answer), Ok(Packet::Error { code: 5, .. })));
        assert_eq!(stranger(&answer), None);
    }
    text(bytes);
    let sentence = error(Code::NotDefined, &String::from_utf8_lossy(bytes));
    assert!(matches!(parse(&sentence), Ok(Packet::Error { code: 0, .. })));
}

fn again(bytes: &[u8], direction: Direction, parsed: &Request<'_>) {
    let options =
        parsed.options.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>();
    let pairs = &bytes[bytes.len() - options..];
    if let Ok(written) = request(direction, parsed.name, parsed.mode, pairs) {
        // The mode may have been written in capitals.
        assert!(written.eq_ignore_ascii_case(bytes));
    }
}

/// Blocks of a length that the first byte says.
fn text(bytes: &[u8]) {
    let size = bytes.first().map_or(1, |&first| usize::from(first % 16) + 1);
    let (mut encoder, mut decoder) = (Encoder::default(), Decoder::default());
    let (mut rest, mut back, mut block) = (bytes, Vec::new(), vec![0; size]);
    loop {
        let (taken, written) = encoder.encode(rest, &mut block);
        rest = &rest[taken..];
        decoder.decode(&block[..written], &mut back);
        if written < size {
            break;
        }
    }
    decoder.finish(&mut back);
    assert!(encoder.is_done());
    assert_eq!(back, bytes);
}
