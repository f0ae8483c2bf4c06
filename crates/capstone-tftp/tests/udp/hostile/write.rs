//! A peer that writes.

use capstone_tftp::store::Rules;
use capstone_tftp::tftp::End;

use super::super::common::{Served, at_once, hasty, noise, patient};
use super::super::raw::{Peer, request};
use super::MALFORMED;

fn begun(server: &Served, name: &str) -> Peer {
    let peer = Peer::ask(server.address, &request(2, name, "octet", &[]));
    peer.hears_ack(0);
    peer
}

#[test]
fn repeated_blocks_are_acknowledged_again_and_written_once() {
    let server = Served::patient();
    let (peer, bytes) = (begun(&server, "file"), noise(1030, 1));
    for (block, data) in (1..).zip(bytes.chunks(512)) {
        for _ in 0..3 {
            peer.sends(block, data);
            peer.hears_ack(block);
        }
        // Older ones were acknowledged, and heard, for the next one has come.
        if block > 1 {
            peer.sends(block - 1, &[0; 512]);
        }
    }
    assert_eq!(server.until_told(1)[0].end, End::Done);
    assert!(server.read("file") == bytes);
    peer.has_heard_all();
}

#[test]
fn blocks_from_the_future_are_not_written() {
    let server = Served::patient();
    let (peer, bytes) = (begun(&server, "file"), noise(700, 2));
    for future in [2, 3, 30_000, 65_535, 0] {
        peer.sends(future, &[0; 512]);
    }
    peer.sends(1, &bytes[..512]);
    peer.hears_ack(1);
    peer.sends(3, b"the end?");
    peer.sends(2, &bytes[512..]);
    peer.hears_ack(2);
    assert!(server.read("file") == bytes);
    peer.has_heard_all();
}

/// RFC 7440 section 4: a gap is said once, with what came before it.
#[test]
fn a_gap_in_a_window_is_said_once() {
    let server = Served::patient();
    let peer = Peer::ask(server.address, &request(2, "file", "octet", &["windowsize=4"]));
    peer.hears_oack("windowsize\x004\0");
    peer.sends(1, &[1; 512]);
    peer.sends(3, &[3; 512]);
    peer.hears_ack(1);
    peer.sends(4, &[4; 512]);
    for block in 2..=5 {
        peer.sends(block, &[u8::try_from(block).unwrap(); 512]);
    }
    peer.hears_ack(5);
    peer.sends(6, b"");
    peer.hears_ack(6);
    let wanted: Vec<u8> = (1..=5).flat_map(|byte| [byte; 512]).collect();
    assert!(server.read("file") == wanted);
    peer.has_heard_all();
}

#[test]
fn too_much_data_ends_the_transfer_and_leaves_nothing() {
    for (options, length) in [(&[][..], 513), (&["blksize=8"][..], 9), (&[][..], 60_000)] {
        let server = Served::patient();
        let peer = Peer::ask(server.address, &request(2, "file", "octet", options));
        peer.hears();
        peer.sends(1, &vec![0; length]);
        peer.hears_error(4);
        server.until_told(1);
        assert!(server.files().is_empty());
    }
}

#[test]
fn what_no_delay_explains_ends_the_transfer_and_leaves_nothing() {
    let of_the_other_side: [&[u8]; 3] = [b"\0\x04\0\0", b"\0\x03", b"\0\x06"];
    let acks: [&[u8]; 1] = [b"\0\x04\0\x01"];
    for packet in MALFORMED.into_iter().chain(of_the_other_side).chain(acks) {
        let server = Served::patient();
        let peer = begun(&server, "file");
        peer.sends(1, &[0; 512]);
        peer.hears_ack(1);
        peer.says(packet);
        peer.hears_error(4);
        server.until_told(1);
        assert!(server.files().is_empty());
        peer.has_heard_all();
    }
}

#[test]
fn an_error_in_the_middle_leaves_nothing() {
    let server = Served::patient();
    let peer = begun(&server, "file");
    peer.sends(1, &[0; 512]);
    peer.hears_ack(1);
    peer.says(b"\0\x05\0\0changed my mind\0");
    let told = server.until_told(1);
    assert!(matches!(told[0].end, End::Refused { code: 0, .. }));
    assert!(server.files().is_empty());
    peer.has_heard_all();
}

/// RFC 1350 section 6: the last ACK may be lost as well.
#[test]
fn a_lost_last_ack_is_said_again_when_it_is_asked_for() {
    let server = Served::patient();
    let peer = begun(&server, "file");
    peer.sends(1, b"all of it");
    peer.hears_ack(1);
    assert_eq!(server.read("file"), b"all of it", "it is there before it is acknowledged");
    for _ in 0..3 {
        peer.sends(1, b"all of it");
        peer.hears_ack(1);
    }
    assert_eq!(server.until_told(1).len(), 1);
}

/// The peer misses an ACK, or says nothing any more.
#[test]
fn an_ack_is_said_again_by_time_and_not_for_ever() {
    let server = Served::hopeless();
    let peer = begun(&server, "file");
    peer.hears_ack(0);
    peer.sends(1, &[0; 512]);
    let mut last = [0, 4, 0, 0].to_vec();
    while last == [0, 4, 0, 0] {
        last = peer.hears();
    }
    assert_eq!(last, [0, 4, 0, 1]);
    assert_eq!(server.until_told(1)[0].end, End::GivenUp);
    assert!(server.files().is_empty());
}

#[test]
fn of_two_uploads_of_one_name_each_is_whole() {
    let server = Served::patient();
    let (one, two) = (begun(&server, "file"), begun(&server, "file"));
    for (block, rest) in [(1, false), (2, true)] {
        for (peer, byte) in [(&one, b'1'), (&two, b'2')] {
            peer.sends(block, &vec![byte; if rest { 9 } else { 512 }]);
            peer.hears_ack(block);
        }
    }
    assert!(server.read("file") == [b'2'; 521], "the last one that was finished");
    assert_eq!(server.files().len(), 1);
}

#[test]
fn where_nothing_is_replaced_the_first_that_is_finished_wins() {
    let server = Served::with("127.0.0.1:0", Rules::default(), at_once(patient()));
    let (one, two) = (begun(&server, "file"), begun(&server, "file"));
    two.sends(1, b"two");
    two.hears_ack(1);
    one.sends(1, b"one");
    one.hears_error(6);
    assert_eq!(server.read("file"), b"two");
    let late = Peer::ask(server.address, &request(2, "file", "octet", &[]));
    late.hears_error(6);
    assert_eq!(server.files().len(), 1);
}

#[test]
fn where_nothing_may_be_written_nothing_is() {
    let rules = Rules { writable: false, ..Rules::default() };
    let server = Served::with("127.0.0.1:0", rules, at_once(hasty()));
    Peer::ask(server.address, &request(2, "file", "octet", &[])).hears_error(2);
    assert!(server.files().is_empty());
}

/// Announced, it is refused before it comes.
#[test]
fn what_is_announced_to_be_too_long_is_refused_at_once() {
    let rules = Rules { longest: 1000, ..Rules::default() };
    let server = Served::with("127.0.0.1:0", rules, at_once(patient()));
    let ask = |tsize: &str| Peer::ask(server.address, &request(2, "file", "octet", &[tsize]));
    ask("tsize=1001").hears_error(3);
    ask("tsize=18446744073709551615").hears_error(3);
    ask("tsize=1000").hears_oack("tsize\x001000\0");
}
