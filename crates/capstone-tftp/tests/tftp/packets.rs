//! RFC 1350 section 5: the bytes of each packet, and what is none.

use capstone_tftp::tftp::packet::{
    BadRequest, Code, Direction, Malformed, Mode, Packet, ack, error, oack, parse, request,
    stranger,
};

#[test]
fn the_six_packets() {
    let Packet::Read(read) = parse(b"\0\x01a/b\0octet\0").unwrap() else { panic!("no RRQ") };
    assert_eq!((read.name, read.mode, read.options.iter().count()), (&b"a/b"[..], Mode::Octet, 0));
    let Packet::Write(write) = parse(b"\0\x02\xff\n\0netascii\0tsize\x007\0x\0\0").unwrap() else {
        panic!("no WRQ")
    };
    assert_eq!((write.name, write.mode), (&b"\xff\n"[..], Mode::Netascii));
    let options: Vec<_> = write.options.iter().collect();
    assert_eq!(options, [(&b"tsize"[..], &b"7"[..]), (b"x", b"")]);
    assert_eq!(parse(b"\0\x03\x01\x02xyz").unwrap(), Packet::Data { block: 258, bytes: b"xyz" });
    assert_eq!(parse(b"\0\x03\0\x01").unwrap(), Packet::Data { block: 1, bytes: b"" });
    assert_eq!(parse(b"\0\x04\xff\xff").unwrap(), Packet::Ack(65_535));
    assert_eq!(parse(b"\0\x05\0\x01gone\0").unwrap(), Packet::Error { code: 1, words: b"gone" });
    let Packet::Oack(pairs) = parse(b"\0\x06blksize\x00512\0").unwrap() else { panic!("no OACK") };
    assert_eq!(pairs.iter().next().unwrap(), (&b"blksize"[..], &b"512"[..]));
}

/// RFC 1350 section 5: "any combination of upper and lower case".
#[test]
fn the_mode_in_any_case() {
    for (bytes, mode) in
        [(&b"\0\x01f\0OcTeT\0"[..], Mode::Octet), (b"\0\x01f\0NETASCII\0", Mode::Netascii)]
    {
        let Packet::Read(request) = parse(bytes).unwrap() else { panic!("no RRQ") };
        assert_eq!(request.mode, mode);
    }
}

#[test]
fn malformed_packets_of_every_kind() {
    for (bytes, why) in [
        (&b""[..], Malformed::Short),
        (b"\0", Malformed::Short),
        (b"\0\x03\0", Malformed::Short),
        (b"\0\x04\0", Malformed::Short),
        (b"\0\x05\0", Malformed::Short),
        (b"\0\0", Malformed::Opcode(0)),
        (b"\0\x07\0\0", Malformed::Opcode(7)),
        (b"\x01\x01f\0octet\0", Malformed::Opcode(257)),
        (b"\0\x01", Malformed::Unended),
        (b"\0\x01file", Malformed::Unended),
        (b"\0\x01file\0octet", Malformed::Unended),
        (b"\0\x02file\0mail\0", Malformed::Mode),
        (b"\0\x02file\0\0", Malformed::Mode),
        (b"\0\x01f\0octet\0blksize\0", Malformed::Options),
        (b"\0\x01f\0octet\0blksize", Malformed::Options),
        (b"\0\x01f\0octet\0blksize\x001", Malformed::Options),
        (b"\0\x06a\0", Malformed::Options),
    ] {
        assert_eq!(parse(bytes), Err(why), "{bytes:?}");
        assert!(!why.to_string().is_empty());
    }
}

/// The end of a transfer is the end, however carelessly it is written.
#[test]
fn an_error_without_its_end() {
    assert_eq!(parse(b"\0\x05\0\x03full").unwrap(), Packet::Error { code: 3, words: b"full" });
    assert_eq!(parse(b"\0\x05\x12\x34").unwrap(), Packet::Error { code: 0x1234, words: b"" });
}

#[test]
fn what_we_write() {
    let pairs = b"tsize\x000\0";
    let read = request(Direction::Read, b"a", Mode::Netascii, pairs).unwrap();
    assert_eq!(read, b"\0\x01a\0netascii\0tsize\x000\0");
    let write = request(Direction::Write, b"a", Mode::Octet, b"").unwrap();
    assert_eq!(write, b"\0\x02a\0octet\0");
    assert_eq!(ack(0x1234), *b"\0\x04\x12\x34");
    assert_eq!(oack(pairs), b"\0\x06tsize\x000\0");
    assert_eq!(error(Code::Full, "no\0room"), b"\0\x05\0\x03no\0");
}

/// RFC 2347: a request has at most 512 octets.
#[test]
fn names_that_cannot_be_asked_for() {
    let ask = |name: &[u8]| request(Direction::Read, name, Mode::Octet, b"");
    assert_eq!(ask(b"a\0b"), Err(BadRequest::Nul));
    let longest = 512 - b"\0\x01\0octet\0".len();
    assert_eq!(ask(&vec![b'x'; longest]).unwrap().len(), 512);
    assert_eq!(ask(&vec![b'x'; longest + 1]), Err(BadRequest::TooLong));
}

/// RFC 1350 section 4: a wrong TID is answered by ERROR 5; section 7: an ERROR by nothing.
#[test]
fn a_stranger_is_told_so_but_never_in_answer_to_an_error() {
    for datagram in [&b"\0\x03\0\x01x"[..], b"\0\x04\0\x01", b"\0\x01f\0octet\0", b"\0\x09"] {
        let answer = stranger(datagram).unwrap();
        assert!(matches!(parse(&answer), Ok(Packet::Error { code: 5, .. })));
        assert_eq!(stranger(&answer), None);
    }
    assert_eq!((stranger(b""), stranger(b"\0"), stranger(b"\0\x05")), (None, None, None));
}
