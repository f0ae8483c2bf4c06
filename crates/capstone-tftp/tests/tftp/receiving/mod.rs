//! What a receiver does by which rule, packet by packet.

mod ends;
mod opening;
mod windows;

use std::time::Instant;

use capstone_tftp::tftp::options::{Accepted, Agreed};
use capstone_tftp::tftp::packet::{Packet, parse};
use capstone_tftp::tftp::{End, Receiver, Taken, Timing};

/// A receiver of blocks of 8 bytes; what it sends is written down as `1` for ACK 1, `OACK`, ….
struct Stage {
    receiver: Receiver,
    got: Vec<u8>,
    now: Instant,
}

impl Stage {
    fn of(receiver: Receiver) -> Stage {
        Stage { receiver, got: Vec::new(), now: Instant::now() }
    }

    /// A server's side, which has sent its ACK 0.
    fn window(windowsize: u16) -> Stage {
        let agreed = Agreed { blksize: 8, windowsize, ..Agreed::default() };
        let accepted = Accepted { agreed, oack: None };
        let mut stage = Stage::of(Receiver::answer(accepted, Timing::default()));
        assert_eq!(stage.sends(), "0");
        stage
    }

    fn sends(&mut self) -> String {
        let mut told = Vec::new();
        while let Some(batch) = self.receiver.unsent() {
            told.push(match parse(batch.bytes).unwrap() {
                Packet::Ack(block) => block.to_string(),
                Packet::Error { code, .. } => format!("ERROR {code}"),
                Packet::Oack(_) => "OACK".to_owned(),
                Packet::Read(_) => "RRQ".to_owned(),
                other => panic!("{other:?}"),
            });
            self.receiver.sent(self.now);
        }
        told.join(" ")
    }

    fn gets(&mut self, datagram: &[u8]) -> String {
        match self.receiver.receive(datagram, self.now) {
            Taken::Nothing => {}
            Taken::Bytes(bytes) => self.got.extend_from_slice(bytes),
            Taken::Last(bytes) => {
                self.got.extend_from_slice(bytes);
                assert_eq!(self.receiver.unsent(), None, "acknowledged before it is stored");
                self.receiver.stored(self.now);
            }
        }
        self.sends()
    }

    /// DATA of so many bytes, which all say which block they are of.
    fn data(&mut self, block: u16, length: usize) -> String {
        let [high, low] = block.to_be_bytes();
        self.gets(&[&[0, 3, high, low], &vec![low; length][..]].concat())
    }

    /// Full blocks, one after the other.
    fn blocks(&mut self, blocks: impl IntoIterator<Item = u16>) -> String {
        let all: Vec<_> = blocks.into_iter().map(|block| self.data(block, 8)).collect();
        all.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn waits(&mut self) -> String {
        self.now = self.receiver.deadline().unwrap();
        self.receiver.expire(self.now);
        self.sends()
    }
}

/// RFC 1350 section 2: each block is acknowledged; section 6: a short one is the last.
#[test]
fn lockstep() {
    let mut stage = Stage::window(1);
    assert_eq!((stage.data(1, 8), stage.data(2, 3)), ("1".to_owned(), "2".to_owned()));
    assert_eq!(stage.got, [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
    assert_eq!(stage.receiver.end(), Some(&End::Done));
}

#[test]
fn an_empty_last_block() {
    let mut stage = Stage::window(1);
    assert_eq!((stage.data(1, 8), stage.data(2, 0)), ("1".to_owned(), "2".to_owned()));
    assert_eq!((stage.got.len(), stage.receiver.end()), (8, Some(&End::Done)));
}

/// RFC 1350 section 2: a block that comes again means that its ACK was lost. Older ones, and blocks
/// from the future, mean nothing.
#[test]
fn blocks_that_are_not_next() {
    let mut stage = Stage::window(1);
    assert_eq!(stage.blocks([1, 2]), "1 2");
    assert_eq!(stage.blocks([2, 2]), "2 2");
    assert_eq!(stage.blocks([1, 0, 4, 5, 300, 65_535]), "");
    assert_eq!(stage.blocks([3]), "3");
    assert_eq!(stage.got.len(), 24);
}

/// After 65,535 comes 0.
#[test]
fn the_numbers_roll_over() {
    let mut stage = Stage::window(1);
    for block in 1..=65_535 {
        stage.data(block, 8);
    }
    assert_eq!(stage.blocks([0, 0, 1]), "0 0 1");
    assert_eq!(stage.data(2, 0), "2");
    assert_eq!(stage.got.len(), 65_537 * 8);
}
