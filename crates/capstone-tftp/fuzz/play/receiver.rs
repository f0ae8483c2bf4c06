//! A receiver whose peer says anything at any time. Whatever that is, the bytes are those of the
//! blocks in order, an event is answered by one packet at most, and an ACK is of the last block that
//! came in order.

use std::time::{Duration, Instant};

use capstone_tftp::tftp::options::{Accepted, Agreed, Ask};
use capstone_tftp::tftp::packet::{Mode, Packet, oack, parse};
use capstone_tftp::tftp::{End, Receiver, Taken, Timing};

struct World {
    receiver: Receiver,
    got: Vec<u8>,
    /// Full blocks that came in order.
    blocks: u64,
    /// The one that is shorter has come too.
    last: bool,
    now: Instant,
}

/// Three bytes are the options, the rest are events of two bytes and more.
pub(crate) fn play(bytes: &[u8]) {
    let &[kind, blksize, windowsize, ref story @ ..] = bytes else { return };
    let agreed = Agreed {
        blksize: 8 + u16::from(blksize % 9),
        windowsize: 1 + u16::from(windowsize % 9),
        timeout: (kind & 4 != 0).then_some(Duration::from_secs(3)),
        tsize: None,
    };
    let ask = Ask {
        blksize: Some(agreed.blksize),
        windowsize: Some(agreed.windowsize),
        ..Ask::default()
    };
    let answer = oack(&ask.pairs());
    let receiver = match kind % 3 {
        0 => Receiver::ask(b"f", Mode::Octet, &ask, Timing::default()).expect("a short name"),
        1 => Receiver::answer(Accepted { agreed, oack: Some(answer.clone()) }, Timing::default()),
        _ => Receiver::answer(Accepted { agreed, oack: None }, Timing::default()),
    };
    let mut world =
        World { receiver, got: Vec::new(), blocks: 0, last: false, now: Instant::now() };
    world.drain();
    world.tell(story, &answer);
    world.honest_peer(&answer);
}

/// What a block consists of, so that one in the wrong place is seen.
fn payload(block: u64, length: usize) -> Vec<u8> {
    vec![block.to_le_bytes()[0]; length]
}

fn data(block: u64, length: usize) -> Vec<u8> {
    let [.., high, low] = block.to_be_bytes();
    [&[0, 3, high, low], &payload(block, length)[..]].concat()
}

impl World {
    fn tell(&mut self, mut story: &[u8], answer: &[u8]) {
        while let [what, value, rest @ ..] = story {
            story = rest;
            let blksize = usize::from(self.receiver.agreed().blksize);
            // Around what is awaited; before block 1 there is none, but the numbers go round.
            let block = (self.blocks + 1 + u64::from(value % 32)).wrapping_sub(8);
            match what % 8 {
                0 => self.expire(),
                1 => self.hear(answer),
                2 => {
                    let (bytes, rest) = rest.split_at(rest.len().min(usize::from(value % 32)));
                    story = rest;
                    self.hear(bytes);
                }
                3 => self.now += Duration::from_millis(u64::from(*value) * 10),
                4 if value % 16 == 0 => self.hear(&data(block, blksize + 1)),
                4 => self.hear(&data(block, usize::from(*value) % blksize)),
                5 => self.hear(&data(block, blksize)),
                _ => self.hear(&data(self.blocks + 1, blksize)),
            }
        }
    }

    fn hear(&mut self, datagram: &[u8]) {
        let taken = self.receiver.receive(datagram, self.now);
        if let Taken::Bytes(bytes) | Taken::Last(bytes) = taken {
            assert!(!self.last, "bytes behind the last ones");
            let blksize = usize::from(self.receiver.agreed().blksize);
            assert_eq!(matches!(taken, Taken::Bytes(_)), bytes.len() == blksize);
            let Ok(Packet::Data { block, bytes: whole }) = parse(datagram) else {
                panic!("no DATA")
            };
            assert_eq!(whole, bytes);
            self.blocks += 1;
            assert_eq!(block, (self.blocks & 0xffff) as u16);
            self.got.extend_from_slice(bytes);
        }
        if let Taken::Last(_) = taken {
            self.last = true;
            assert_eq!(self.receiver.deadline(), None);
            self.receiver.stored(self.now);
            assert_eq!(self.receiver.end(), Some(&End::Done));
        }
        self.drain();
    }

    fn expire(&mut self) {
        if let Some(deadline) = self.receiver.deadline() {
            self.now = self.now.max(deadline);
            self.receiver.expire(self.now);
            self.drain();
        }
    }

    fn drain(&mut self) {
        let mut sent = 0;
        while let Some(batch) = self.receiver.unsent() {
            if let Ok(Packet::Ack(block)) = parse(batch.bytes) {
                assert_eq!(block, (self.blocks & 0xffff) as u16);
            }
            assert_eq!(batch.packets().len(), 1);
            sent += 1;
            self.receiver.sent(self.now);
        }
        assert!(sent <= 1);
    }

    /// Whatever has been said so far: who goes on honestly is believed, and silence is an end.
    fn honest_peer(&mut self, answer: &[u8]) {
        if !self.receiver.opened() {
            self.hear(answer);
        }
        if self.receiver.end().is_none() {
            self.hear(&data(self.blocks + 1, 0));
            assert_eq!(self.receiver.end(), Some(&End::Done));
        }
        for _ in 0..3 {
            self.expire();
        }
        assert!(self.receiver.over() && self.receiver.deadline().is_none());
        assert_eq!(self.receiver.end() == Some(&End::Done), self.last);
    }
}
