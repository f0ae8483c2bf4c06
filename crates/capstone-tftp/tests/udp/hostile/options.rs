//! Options as nobody should send them, and how they are answered.

use super::super::common::{Served, noise};
use super::super::raw::{Peer, numbered, request};

const LENGTH: usize = 3000;

/// What is asked for, and the OACK; an empty one is none, and the transfer begins as ever.
const READING: &[(&[&str], &str)] = &[
    (&["blksize=1024"], "blksize=1024"),
    (&["BLKSIZE=1024", "WindowSize=4"], "blksize=1024 windowsize=4"),
    (&["tsize=0"], "tsize=3000"),
    (&["tsize=77"], "tsize=3000"),
    // In any order, with others among them.
    (
        &["windowsize=2", "x=y", "tsize=0", "multicast=", "timeout=3", "blksize=8"],
        "blksize=8 timeout=3 tsize=3000 windowsize=2",
    ),
    (&["x=y", "utimeout=100000", "rollover=1"], ""),
    (&["="], ""),
    // Out of range, or no number.
    (&["blksize=7"], ""),
    (&["blksize=0"], ""),
    (&["blksize=65464"], "blksize=65464"),
    (&["blksize=65465"], "blksize=65464"),
    (&["blksize=99999999999999999999"], ""),
    (&["blksize=-1"], ""),
    (&["blksize=+512"], ""),
    (&["blksize= 512"], ""),
    (&["blksize=0x200"], ""),
    (&["blksize="], ""),
    (&["timeout=0"], ""),
    (&["timeout=1"], "timeout=1"),
    (&["timeout=255"], "timeout=255"),
    (&["timeout=256"], ""),
    (&["windowsize=0"], ""),
    (&["windowsize=65536"], ""),
    (&["tsize=x"], ""),
    // One bad one does not spoil the others.
    (&["blksize=7", "timeout=2"], "timeout=2"),
    // Each once: the first counts.
    (&["blksize=100", "blksize=200"], "blksize=100"),
];

#[test]
fn reading() {
    let server = Served::patient();
    let bytes = noise(LENGTH, 1);
    server.write("file", &bytes);
    for (asked, answer) in READING {
        let peer = Peer::ask(server.address, &request(1, "file", "octet", asked));
        let heard = peer.hears();
        let wanted = if answer.is_empty() {
            numbered(3, 1, &bytes[..512])
        } else {
            [b"\0\x06", answer.replace(['=', ' '], "\0").as_bytes(), b"\0"].concat()
        };
        assert!(heard == wanted, "{asked:?}: {}", heard.escape_ascii());
    }
}

/// The size is echoed, and what must not be acknowledged is answered by ACK 0.
#[test]
fn writing() {
    let server = Served::patient();
    for (asked, answer) in [
        (&["blksize=1024", "tsize=5"][..], "blksize=1024 tsize=5"),
        (&["tsize=0"], "tsize=0"),
        (&["TSIZE=12", "timeout=9"], "timeout=9 tsize=12"),
        (&["blksize=7"], ""),
        (&["x=y"], ""),
    ] {
        let peer = Peer::ask(server.address, &request(2, "file", "octet", asked));
        let heard = peer.hears();
        let wanted = if answer.is_empty() {
            numbered(4, 0, &[])
        } else {
            [b"\0\x06", answer.replace(['=', ' '], "\0").as_bytes(), b"\0"].concat()
        };
        assert!(heard == wanted, "{asked:?}: {}", heard.escape_ascii());
    }
}

/// The longest window is agreed to, as far as memory goes, and what is agreed on is kept.
#[test]
fn windows_are_as_large_as_the_server_likes() {
    let server = Served::patient();
    server.write("file", &noise(LENGTH, 1));
    for opcode in [1, 2] {
        let options = ["blksize=65464", "windowsize=65535"];
        let peer = Peer::ask(server.address, &request(opcode, "file", "octet", &options));
        let heard = String::from_utf8(peer.hears()).unwrap();
        let window = heard.strip_prefix("\0\u{6}blksize\x0065464\0windowsize\0").unwrap();
        let window: usize = window.trim_end_matches('\0').parse().unwrap();
        assert!((1..=64).contains(&window), "{window} blocks of 64 KiB");
    }
}

/// How long a text is on the wire is known when it has been sent.
#[test]
fn the_size_of_a_text_is_not_told() {
    let server = Served::patient();
    server.write("file", b"a\nb");
    let peer = Peer::ask(server.address, &request(1, "file", "netascii", &["tsize=0"]));
    assert_eq!(peer.hears_data(1), b"a\r\nb");
}
