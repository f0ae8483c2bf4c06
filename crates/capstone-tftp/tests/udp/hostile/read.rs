//! A peer that reads.

use capstone_tftp::tftp::End;

use super::super::common::{Served, noise};
use super::super::raw::{Peer, numbered, request};
use super::MALFORMED;

const BLOCKS: usize = 5;

/// A server with a file of five blocks, the last one empty, and a peer that has heard the first.
fn begun(server: Served) -> (Served, Vec<u8>, Peer) {
    let bytes = noise((BLOCKS - 1) * 512, 5);
    server.write("file", &bytes);
    let peer = Peer::ask(server.address, b"\0\x01file\0octet\0");
    assert!(peer.hears_data(1) == bytes[..512]);
    (server, bytes, peer)
}

/// RFC 1123 section 4.2.3.1, the Sorcerer's Apprentice.
#[test]
fn repeated_and_old_acks_repeat_nothing() {
    let (server, bytes, peer) = begun(Served::patient());
    for block in 1..BLOCKS {
        for old in (0..=block).rev().chain([block, block]) {
            peer.acks(u16::try_from(old).unwrap());
        }
        let data = peer.hears_data(u16::try_from(block).unwrap() + 1);
        assert!(data == bytes.get(block * 512..block * 512 + 512).unwrap_or_default());
    }
    peer.acks(5);
    let told = server.until_told(1);
    assert_eq!((&told[0].end, told[0].bytes), (&End::Done, 2048));
    peer.has_heard_all();
}

#[test]
fn acks_of_what_was_never_sent_mean_nothing() {
    let (server, _, peer) = begun(Served::patient());
    for future in [2, 3, 5, 6, 32_768, 65_535] {
        peer.acks(future);
    }
    peer.acks(1);
    peer.hears_data(2);
    peer.says(b"\0\x05\0\0enough\0");
    server.until_told(1);
    peer.has_heard_all();
}

/// Whatever is lost, be it a DATA or its ACK: what was not acknowledged is said again.
#[test]
fn what_is_lost_is_sent_again() {
    let (server, bytes, peer) = begun(Served::start());
    for block in 1..=BLOCKS {
        let number = u16::try_from(block).unwrap();
        // The one that was heard counts as lost.
        let again = peer.hears_data(number);
        assert!(again == bytes.get((block - 1) * 512..block * 512).unwrap_or_default());
        peer.acks(number);
        // Repetitions may be on their way still.
        let next = numbered(3, number + 1, bytes.chunks(512).nth(block).unwrap_or_default());
        while block < BLOCKS && peer.hears() != next {}
    }
    assert_eq!(server.until_told(1)[0].end, End::Done);
}

#[test]
fn a_lost_oack_is_sent_again_and_not_for_ever() {
    let server = Served::hopeless();
    server.write("file", b"short");
    let peer = Peer::ask(server.address, &request(1, "file", "octet", &["tsize=0"]));
    peer.hears_oack("tsize\x005\0");
    peer.hears_oack("tsize\x005\0");
    assert_eq!(server.until_told(1)[0].end, End::GivenUp);
}

/// RFC 1350 section 4: he is told, and disturbs nobody. His ERROR is not answered.
#[test]
fn a_stranger_is_sent_away() {
    let (server, _, peer) = begun(Served::patient());
    let stranger = Peer::of(server.address);
    stranger.tid.set(peer.tid.get());
    stranger.says(b"\0\x05\0\0who are you?\0");
    for packet in [&b"\0\x04\0\x01"[..], b"\0\x03\0\x01data", b"\0\x04", b"\0\x09\0\0", b"\0\x06"] {
        stranger.says(packet);
        stranger.hears_error(5);
    }
    stranger.has_heard_all();
    peer.acks(1);
    peer.hears_data(2);
    assert!(server.told.lock().unwrap().is_empty(), "the transfer goes on");
}

#[test]
fn an_error_is_the_end_and_is_not_answered() {
    let (server, _, peer) = begun(Served::patient());
    peer.says(b"\0\x05\0\x03my disk is full\0");
    let told = server.until_told(1);
    assert_eq!(told[0].end, End::Refused { code: 3, words: "my disk is full".into() });
    peer.has_heard_all();
}

/// One without the NUL at its end is one, too; so is one without words.
#[test]
fn an_error_needs_not_be_perfect() {
    for error in [&b"\0\x05\0\x03no end"[..], b"\0\x05\0\x03\0", b"\0\x05\0\x03"] {
        let (server, _, peer) = begun(Served::patient());
        peer.says(error);
        let told = server.until_told(1);
        assert!(matches!(told[0].end, End::Refused { code: 3, .. }), "{told:?}");
        peer.has_heard_all();
    }
}

#[test]
fn what_no_delay_explains_ends_the_transfer() {
    let of_the_other_side: [&[u8]; 3] = [b"\0\x03\0\x01data", b"\0\x06", b"\0\x06blksize\x00512\0"];
    for packet in MALFORMED.into_iter().chain(of_the_other_side) {
        let (server, _, peer) = begun(Served::patient());
        peer.says(packet);
        peer.hears_error(4);
        assert!(matches!(server.until_told(1)[0].end, End::Failed { .. }));
        peer.has_heard_all();
    }
}

#[test]
fn an_oack_may_be_refused() {
    let server = Served::patient();
    server.write("file", b"short");
    let peer = Peer::ask(server.address, &request(1, "file", "octet", &["blksize=100"]));
    peer.hears_oack("blksize\x00100\0");
    peer.says(b"\0\x05\0\x08no\0");
    assert_eq!(server.until_told(1)[0].end, End::Refused { code: 8, words: "no".into() });
    peer.has_heard_all();
}

/// RFC 7440: an ACK within a window begins the next one behind it, and what is old says nothing.
#[test]
fn windows_begin_behind_what_was_acknowledged() {
    let server = Served::patient();
    let bytes = noise(10 * 512, 7);
    server.write("file", &bytes);
    let peer = Peer::ask(server.address, &request(1, "file", "octet", &["windowsize=4"]));
    peer.hears_oack("windowsize\x004\0");
    let hears = |blocks: std::ops::RangeInclusive<u16>| {
        for block in blocks {
            let at = usize::from(block - 1) * 512;
            let wanted = bytes.get(at..at + 512).unwrap_or_default();
            assert!(peer.hears_data(block) == wanted, "block {block}");
        }
    };
    peer.acks(0);
    hears(1..=4);
    // 3 and 4 were lost; the ACK comes twice.
    peer.acks(2);
    peer.acks(2);
    hears(3..=6);
    peer.acks(6);
    hears(7..=10);
    // All old, or never sent.
    for other in [2, 5, 6, 11, 60_000] {
        peer.acks(other);
    }
    peer.acks(10);
    hears(11..=11);
    peer.acks(11);
    assert_eq!(server.until_told(1)[0].end, End::Done);
    peer.has_heard_all();
}
