//! Sorcerer's Apprentice (RFC 1123 section 4.2.3.1): one datagram too many must not make another one,
//! or everything behind it is sent twice, to the end of the file.

use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Ask;
use capstone_tftp::tftp::packet::Direction;

use crate::world::{Weather, file, transfer};

/// Every datagram comes twice, ACKs as well as DATA: still each block is sent once.
#[test]
fn doubled_packets_are_sent_once() {
    let bytes = file(512 * 300 + 1);
    for windowsize in [1, 2, 4, 16, 64] {
        for direction in [Direction::Read, Direction::Write] {
            let ask = Ask { windowsize: Some(windowsize), ..Ask::default() };
            let doubled = Weather { doubled: 100, ..Weather::default() };
            let outcome = transfer(direction, &bytes, &ask, doubled, 7);
            assert!(outcome.got == bytes);
            assert_eq!((outcome.sender, outcome.receiver), (End::Done, End::Done));
            assert_eq!(outcome.data, 301, "{direction:?} × {windowsize}");
            // One ACK for each window, one more for each repeated end of one, and the opening.
            let windows = 301_u64.div_ceil(windowsize.into());
            assert!(outcome.others <= 2 * windows + 4, "{} others × {windowsize}", outcome.others);
        }
    }
}

/// A late datagram costs a window, in which it is thought to be lost; then the peace is back.
#[test]
fn a_late_packet_has_no_lasting_consequence() {
    let bytes = file(512 * 3000);
    for windowsize in [2, 4, 16, 64] {
        let ask = Ask { windowsize: Some(windowsize), ..Ask::default() };
        for seed in 0..4 {
            let late = Weather { late: 1, ..Weather::default() };
            let outcome = transfer(Direction::Read, &bytes, &ask, late, seed);
            assert!(outcome.got == bytes);
            // One in a hundred is late, and each costs a window, but not the rest of the file.
            let most = 3001 + 30 * u64::from(windowsize);
            assert!(outcome.data <= most, "× {windowsize}: {} DATA", outcome.data);
        }
    }
}
