//! A sender whose peer says anything at any time. Whatever that is, DATA has the file's bytes, no
//! event is answered by more than a window, only what is new or time makes DATA go out, and an honest
//! peer in the end gets the rest.

use std::time::{Duration, Instant};

use capstone_tftp::tftp::options::{Accepted, Agreed, Ask};
use capstone_tftp::tftp::packet::{Mode, Packet, ack, oack, parse};
use capstone_tftp::tftp::{End, Sender, Timing};

struct World {
    sender: Sender,
    file: Vec<u8>,
    /// How much of the file the sender has been given.
    given: usize,
    /// The highest block that has been acknowledged.
    acknowledged: u64,
    /// The highest that has been sent.
    reached: u64,
    now: Instant,
}

/// Four bytes are the file and the options, the rest are events of two bytes and more.
pub(crate) fn play(bytes: &[u8]) {
    let &[kind, length, blksize, windowsize, ref story @ ..] = bytes else { return };
    let agreed = Agreed {
        blksize: 8 + u16::from(blksize % 9),
        windowsize: 1 + u16::from(windowsize % 9),
        timeout: (kind & 4 != 0).then_some(Duration::from_secs(3)),
        tsize: None,
    };
    let file: Vec<u8> = (0..u16::from(length) * 3).map(|at| at.to_le_bytes()[0] ^ 0x55).collect();
    let ask = Ask {
        blksize: Some(agreed.blksize),
        windowsize: Some(agreed.windowsize),
        ..Ask::default()
    };
    let sender = match kind % 3 {
        0 => Sender::ask(b"f", Mode::Octet, &ask, Timing::default()).expect("a short name"),
        1 => Sender::answer(Accepted { agreed, oack: Some(oack(&ask.pairs())) }, Timing::default()),
        _ => Sender::answer(Accepted { agreed, oack: None }, Timing::default()),
    };
    let mut world =
        World { sender, file, given: 0, acknowledged: 0, reached: 0, now: Instant::now() };
    world.drain();
    world.tell(story, &oack(&ask.pairs()));
    world.honest_peer(&oack(&ask.pairs()));
}

impl World {
    fn tell(&mut self, mut story: &[u8], answer: &[u8]) {
        while let [what, value, rest @ ..] = story {
            story = rest;
            match what % 8 {
                0 => self.expire(),
                1 => self.hear(answer),
                2 => self.hear(&ack(0)),
                3 => {
                    let (bytes, rest) = rest.split_at(rest.len().min(usize::from(value % 32)));
                    story = rest;
                    self.hear(bytes);
                }
                4 => self.now += Duration::from_millis(u64::from(*value) * 10),
                // Around what is awaited.
                _ => {
                    let [.., high, low] = (self.acknowledged + 1).to_be_bytes();
                    let next = u16::from_be_bytes([high, low]);
                    self.hear(&ack(next.wrapping_add(u16::from(*value)).wrapping_sub(8)));
                }
            }
        }
    }

    fn hear(&mut self, datagram: &[u8]) {
        let (before, sending) = (self.acknowledged, self.reached > 0);
        if let (Ok(Packet::Ack(block)), None) = (parse(datagram), self.sender.end()) {
            let [.., high, low] = before.to_be_bytes();
            let new = u64::from(block.wrapping_sub(u16::from_be_bytes([high, low])));
            if before + new <= self.reached {
                self.acknowledged += new;
            }
        }
        self.sender.receive(datagram, self.now);
        let sent = self.drain();
        // RFC 1123 section 4.2.3.1.
        assert!(sent == 0 || !sending || self.acknowledged > before, "sent without a reason");
    }

    fn expire(&mut self) {
        if let Some(deadline) = self.sender.deadline() {
            self.now = self.now.max(deadline);
            self.sender.expire(self.now);
            self.drain();
        }
    }

    /// Sends what there is, packet by packet: how many of them were DATA.
    fn drain(&mut self) -> u64 {
        let (mut filled, mut wanted) = (0, false);
        for blank in self.sender.blanks() {
            let left = &self.file[self.given + filled..];
            let bytes = blank.len().min(left.len());
            blank[..bytes].copy_from_slice(&left[..bytes]);
            (filled, wanted) = (filled + bytes, true);
        }
        self.given += filled;
        self.sender.fill(filled);
        if wanted && self.given == self.file.len() {
            self.sender.finish();
        }
        let (blksize, window) = (self.sender.agreed().blksize, self.sender.agreed().windowsize);
        let mut sent = 0;
        while let Some(batch) = self.sender.unsent() {
            if let Ok(Packet::Data { block, bytes }) = parse(batch.first(1).bytes) {
                sent += 1;
                assert!(self.sender.end().is_none(), "DATA behind the end");
                // A file here has fewer blocks than there are numbers.
                let from = (usize::from(block) - 1) * usize::from(blksize);
                let block = u64::from(block);
                assert!(block > self.acknowledged);
                assert!(block <= self.acknowledged + u64::from(window));
                let to = self.file.len().min(from + usize::from(blksize));
                assert_eq!(bytes, &self.file[from..to]);
                self.reached = self.reached.max(block);
            }
            self.sender.sent(1, self.now);
        }
        assert!(sent <= u64::from(window));
        sent
    }

    /// Whatever has been said so far: who goes on honestly gets the file.
    fn honest_peer(&mut self, answer: &[u8]) {
        if self.sender.end().is_none() && self.reached == 0 {
            self.hear(if self.sender.opened() { &[0, 4, 0, 0] } else { answer });
        }
        for _ in 0..200 {
            if self.sender.end().is_some() {
                break;
            }
            let [.., high, low] = self.reached.to_be_bytes();
            self.hear(&[0, 4, high, low]);
        }
        let end = self.sender.end().expect("an end");
        let blocks = self.file.len() as u64 / u64::from(self.sender.agreed().blksize) + 1;
        assert!(end != &End::Done || self.acknowledged == blocks, "{blocks} blocks");
        assert!(self.sender.over() && self.sender.deadline().is_none());
    }
}
