//! What a sender does by which rule, packet by packet.

mod ends;
mod opening;
mod time;
mod windows;

use std::time::{Duration, Instant};

use capstone_tftp::tftp::options::{Accepted, Agreed};
use capstone_tftp::tftp::packet::{Packet, ack, parse};
use capstone_tftp::tftp::{End, Sender, Timing};

use crate::world::feed;

/// A sender with its file; what it sends is written down as `1` for DATA 1, `OACK`, `ERROR 4` ….
struct Stage<'f> {
    sender: Sender,
    file: &'f [u8],
    now: Instant,
}

impl<'f> Stage<'f> {
    /// A server's side without OACK.
    fn new(agreed: Agreed, file: &'f [u8]) -> Stage<'f> {
        let sender = Sender::answer(Accepted { agreed, oack: None }, Timing::default());
        Stage { sender, file, now: Instant::now() }
    }

    fn window(windowsize: u16, file: &'f [u8]) -> Stage<'f> {
        Stage::new(Agreed { blksize: 8, windowsize, ..Agreed::default() }, file)
    }

    fn sends(&mut self) -> String {
        feed(&mut self.sender, &mut self.file);
        let mut told = Vec::new();
        while let Some(batch) = self.sender.unsent() {
            told.extend(batch.packets().map(|packet| match parse(packet).unwrap() {
                Packet::Data { block, .. } => block.to_string(),
                Packet::Error { code, .. } => format!("ERROR {code}"),
                Packet::Oack(_) => "OACK".to_owned(),
                Packet::Write(_) => "WRQ".to_owned(),
                other => panic!("{other:?}"),
            }));
            let packets = batch.packets().len();
            self.sender.sent(packets, self.now);
        }
        told.join(" ")
    }

    fn gets(&mut self, datagram: &[u8]) -> String {
        self.sender.receive(datagram, self.now);
        self.sends()
    }

    fn ack(&mut self, block: u16) -> String {
        self.gets(&ack(block))
    }

    /// At the deadline, and how long that was.
    fn waits(&mut self) -> (String, Duration) {
        let deadline = self.sender.deadline().unwrap();
        let pause = deadline - self.now;
        let before = deadline.checked_sub(Duration::from_nanos(1)).unwrap();
        self.sender.expire(before);
        assert_eq!(self.sends(), "", "too early");
        self.now = deadline;
        self.sender.expire(deadline);
        (self.sends(), pause)
    }
}

/// RFC 1350 section 2: one block, its ACK, the next block; section 6: a short one is the last.
#[test]
fn lockstep() {
    let mut stage = Stage::new(Agreed::default(), &[7; 600]);
    assert_eq!(stage.sends(), "1");
    assert_eq!(stage.ack(1), "2");
    assert_eq!(stage.sender.end(), None);
    assert_eq!(stage.ack(2), "");
    assert_eq!(stage.sender.end(), Some(&End::Done));
    assert!(stage.sender.over() && stage.sender.deadline().is_none());
}

/// RFC 1350 section 6: a file that is a multiple of a block has an empty one at its end, the empty
/// file nothing else.
#[test]
fn an_empty_last_block() {
    let mut stage = Stage::window(2, &[7; 16]);
    assert_eq!((stage.sends(), stage.ack(2)), ("1 2".to_owned(), "3".to_owned()));
    assert_eq!(stage.sender.end(), None);
    stage.ack(3);
    assert_eq!(stage.sender.end(), Some(&End::Done));
    let mut stage = Stage::window(2, &[]);
    assert_eq!(stage.sends(), "1");
    stage.ack(1);
    assert_eq!(stage.sender.end(), Some(&End::Done));
}

/// RFC 1123 section 4.2.3.1: a repeated ACK is no reason to send anything; nor are old ones, and
/// those of blocks that were never sent.
#[test]
fn acks_that_say_nothing_new() {
    let mut stage = Stage::new(Agreed::default(), &[7; 5000]);
    assert_eq!((stage.sends(), stage.ack(1), stage.ack(2)), ("1".into(), "2".into(), "3".into()));
    for block in [2, 2, 1, 0, 4, 9, 65_535] {
        assert_eq!(stage.ack(block), "", "{block}");
    }
    assert_eq!(stage.ack(3), "4");
}
