//! What comes to the server's own port.

use capstone_tftp::tftp::End;

use super::super::common::{Served, noise};
use super::super::raw::{Peer, request};

#[test]
fn what_is_no_request_is_told_so() {
    let server = Served::patient();
    server.write("file", b"here");
    for packet in [
        &b"\0\0"[..],
        b"\0\x01",
        b"\0\x01file",
        b"\0\x01file\0",
        b"\0\x01file\0octet",
        b"\0\x01file\0mail\0",
        b"\0\x01file\0\0",
        b"\0\x01file\0octet\0blksize",
        b"\0\x01file\0octet\0blksize\0",
        b"\0\x01file\0octet\0blksize\x00512",
        b"\0\x02file\0octets\0",
        b"\0\x03\0\x01data",
        b"\0\x04\0\x01",
        b"\0\x06",
        b"\0\x07file\0octet\0",
        b"\x01\x01file\0octet\0",
        b"\xff\xff",
        &[0xff; 2000],
    ] {
        Peer::ask(server.address, packet).hears_error(4);
    }
    let peer = Peer::ask(server.address, b"\0\x01file\0octet\0");
    assert_eq!(peer.hears_data(1), b"here");
}

/// Two that complained to each other about complaints would never end.
#[test]
fn errors_and_what_may_have_been_errors_are_not_answered() {
    let server = Served::patient();
    server.write("file", b"here");
    let peer = Peer::of(server.address);
    for packet in [&b""[..], b"\0", b"\0\x05", b"\0\x05\0", b"\0\x05\0\0", b"\0\x05\0\x04why?\0"] {
        peer.asks(packet);
    }
    peer.asks(b"\0\x01file\0octet\0");
    assert_eq!(peer.hears_data(1), b"here");
    peer.has_heard_all();
}

/// A request that the network has doubled, or that was repeated because the answer is late.
#[test]
fn a_repeated_request_begins_nothing_new() {
    let server = Served::patient();
    server.write("a", b"aaa");
    server.write("b", b"bbb");
    let peer = Peer::of(server.address);
    for _ in 0..5 {
        peer.asks(b"\0\x01a\0octet\0");
    }
    // From the same port, and so to the same worker: another request is another transfer.
    peer.asks(b"\0\x01b\0octet\0");
    let mut bytes = [0; 600];
    let mut heard = Vec::new();
    while heard.last().is_none_or(|last: &Vec<u8>| last[4..] != *b"bbb") {
        let (length, _) = peer.socket.recv_from(&mut bytes).unwrap();
        heard.push(bytes[..length].to_vec());
    }
    assert_eq!(heard, [b"\0\x03\0\x01aaa", b"\0\x03\0\x01bbb"]);
}

/// A machine that was switched off and on in the middle of its boot, with the port that its ROM has.
#[test]
fn a_peer_that_begins_anew_is_served_anew() {
    let server = Served::patient();
    server.write("file", &noise(2000, 1));
    let peer = Peer::ask(server.address, b"\0\x01file\0octet\0");
    peer.hears_data(1);
    peer.acks(1);
    peer.hears_data(2);
    let first = peer.tid.take();
    peer.asks(b"\0\x01file\0octet\0");
    peer.hears_data(1);
    assert_ne!(first, peer.tid.get());
    peer.acks(1);
    peer.hears_data(2);
}

#[test]
fn modes_are_told_in_any_case() {
    let server = Served::patient();
    server.write("file", b"a\nb");
    for (mode, wire) in [("OcTeT", &b"a\nb"[..]), ("NETASCII", b"a\r\nb"), ("netASCII", b"a\r\nb")]
    {
        let peer = Peer::ask(server.address, &request(1, "file", mode, &[]));
        assert_eq!(peer.hears_data(1), wire);
    }
}

/// All names are beneath the folder, and none is above it.
#[test]
fn nobody_leaves_the_folder() {
    let server = Served::patient();
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    std::fs::write(&secret, b"secret").unwrap();
    std::os::unix::fs::symlink(&secret, server.path("link")).unwrap();
    std::os::unix::fs::symlink(outside.path(), server.path("away")).unwrap();
    server.write("here", b"here");
    server.write("line\nfeed", b"feed");
    let asked = |opcode, name: &[u8]| {
        let request = [&[0, opcode], name, b"\0octet\0"].concat();
        Peer::ask(server.address, &request)
    };
    let absolute = secret.to_str().unwrap();
    let above = format!("../{}/secret", outside.path().file_name().unwrap().to_str().unwrap());
    let hidden = [&b"link"[..], b"away/secret", b"..", b".", b"", b"/", above.as_bytes()];
    let hidden = hidden.into_iter().chain([&b"a/../../b"[..], b"/etc/../../etc/passwd"]);
    for name in hidden {
        for opcode in [1, 2] {
            let code = asked(opcode, name).hears()[3];
            assert!(matches!(code, 1 | 2 | 6), "{} {opcode}: {code}", name.escape_ascii());
        }
    }
    for name in [absolute.as_bytes(), b"/etc/passwd", b"\xff\xfe", b"x\ny"] {
        asked(1, name).hears_error(1);
    }
    assert_eq!(asked(1, b"/here").hears_data(1), b"here");
    assert_eq!(asked(1, b"line\nfeed").hears_data(1), b"feed");
    assert_eq!(std::fs::read(&secret).unwrap(), b"secret");
    assert_eq!(outside.path().read_dir().unwrap().count(), 1);
}

/// A name as long as a request can be.
#[test]
fn a_long_name_is_no_file() {
    let server = Served::patient();
    for length in [256, 500, 1900] {
        let code =
            Peer::ask(server.address, &request(1, &"n".repeat(length), "octet", &[])).hears();
        assert!(matches!(code[..4], [0, 5, 0, 1 | 2]), "{}", code.escape_ascii());
    }
    let told = server.until_told(3);
    assert!(told.iter().all(|one| matches!(one.end, End::Failed { .. })));
}
