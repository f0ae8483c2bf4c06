//! One side of a transfer and what a driver does for it.

use std::time::Instant;

use capstone_tftp::tftp::options::Agreed;
use capstone_tftp::tftp::{Receiver, Sender, Taken};

/// One side, with its file.
pub(crate) enum Party<'f> {
    Sends(Sender, &'f [u8]),
    Receives(Receiver, Vec<u8>),
}

impl Party<'_> {
    pub(crate) fn receive(&mut self, datagram: &[u8], now: Instant) {
        match self {
            Party::Sends(sender, _) => sender.receive(datagram, now),
            Party::Receives(receiver, got) => match receiver.receive(datagram, now) {
                Taken::Nothing => {}
                Taken::Bytes(bytes) => got.extend_from_slice(bytes),
                Taken::Last(bytes) => {
                    got.extend_from_slice(bytes);
                    receiver.stored(now);
                }
            },
        }
    }

    /// Everything that may be sent now.
    pub(crate) fn send(&mut self, now: Instant, mut wire: impl FnMut(&[u8])) {
        match self {
            Party::Sends(sender, file) => {
                feed(sender, file);
                while let Some(batch) = sender.unsent() {
                    batch.packets().for_each(&mut wire);
                    let packets = batch.packets().len();
                    sender.sent(packets, now);
                }
            }
            Party::Receives(receiver, _) => {
                while let Some(batch) = receiver.unsent() {
                    assert_eq!(batch.packets().len(), 1);
                    wire(batch.bytes);
                    receiver.sent(now);
                }
            }
        }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self {
            Party::Sends(sender, _) => sender.deadline(),
            Party::Receives(receiver, _) => receiver.deadline(),
        }
    }

    pub(crate) fn expire(&mut self, now: Instant) {
        match self {
            Party::Sends(sender, _) => sender.expire(now),
            Party::Receives(receiver, _) => receiver.expire(now),
        }
    }

    pub(crate) fn over(&self) -> bool {
        match self {
            Party::Sends(sender, _) => sender.over(),
            Party::Receives(receiver, _) => receiver.over(),
        }
    }

    pub(crate) fn agreed(&self) -> Agreed {
        match self {
            Party::Sends(sender, _) => *sender.agreed(),
            Party::Receives(receiver, _) => *receiver.agreed(),
        }
    }
}

/// The file's next bytes into the blanks of a sender.
pub(crate) fn feed(sender: &mut Sender, file: &mut &[u8]) {
    let mut taken = 0;
    let mut wanted = false;
    for blank in sender.blanks() {
        wanted = true;
        let bytes = blank.len().min(file.len());
        blank[..bytes].copy_from_slice(&file[..bytes]);
        *file = &file[bytes..];
        taken += bytes;
    }
    sender.fill(taken);
    if wanted && file.is_empty() {
        sender.finish();
    }
}
