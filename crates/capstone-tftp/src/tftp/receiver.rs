//! The side that gets the file: a client that reads, a server that is written to.
//!
//! It acknowledges what [`super::order`] says, and the last block only when the file is safe. What it
//! hands out points into the datagram that it was given: nothing is copied, nothing kept.

use std::time::Instant;

use super::dialog::Dialog;
use super::options::{Accepted, Agreed, Ask};
use super::order::{Order, Place};
use super::packet::{self, BadRequest, Code, Direction, HEADER, Mode, Packet};
use super::taken::Taken;
use super::{Batch, End, Timing};

/// One transfer's receiving side.
#[derive(Debug)]
pub struct Receiver {
    dialog: Dialog,
    order: Order,
    /// The file's last block has come.
    complete: bool,
    ack: [u8; HEADER],
    /// The ACK is to be sent.
    due: bool,
}

impl Receiver {
    /// The server's side of a WRQ: begins with OACK or ACK 0, which DATA 1 will answer.
    #[must_use]
    pub fn answer(accepted: Accepted, timing: Timing) -> Receiver {
        let mut dialog = Dialog::answer(accepted, &packet::ack(0), timing);
        dialog.timer.yields();
        Receiver::of(dialog)
    }

    /// The client's side of an RRQ, which OACK or DATA 1 will answer.
    ///
    /// # Errors
    /// [`BadRequest`]: there is no request with this name.
    pub fn ask(name: &[u8], mode: Mode, ask: &Ask, timing: Timing) -> Result<Receiver, BadRequest> {
        Ok(Receiver::of(Dialog::ask(Direction::Read, (name, mode), ask, timing)?))
    }

    fn of(dialog: Dialog) -> Receiver {
        let (order, ack) = (Order::default(), packet::ack(0));
        Receiver { dialog, order, complete: false, ack, due: false }
    }

    /// A datagram of the peer.
    pub fn receive<'p>(&mut self, datagram: &'p [u8], now: Instant) -> Taken<'p> {
        if self.dallying() {
            self.dally(datagram, now);
            return Taken::Nothing;
        }
        if self.complete || self.dialog.end().is_some() {
            return Taken::Nothing;
        }
        match self.dialog.hear(datagram) {
            Some(Packet::Data { block, bytes }) => return self.data(block, bytes, now),
            // ACK 0 confirms it. A repeated OACK means that the ACK was lost.
            Some(Packet::Oack(pairs))
                if self.dialog.oack(pairs, now) || !self.order.has_begun() =>
            {
                self.due = self.dialog.is_open();
            }
            Some(Packet::Ack(_)) => self.dialog.illegal("an ACK from the side that sends"),
            _ => {}
        }
        Taken::Nothing
    }

    fn data<'p>(&mut self, block: u16, bytes: &'p [u8], now: Instant) -> Taken<'p> {
        if !self.dialog.is_open() {
            if block != 1 {
                return Taken::Nothing;
            }
            // A server that knows no options answers an RRQ by DATA.
            let asking = self.dialog.asking();
            let agreed = if asking { Agreed::default() } else { self.dialog.agreed };
            self.dialog.opened(agreed, now);
        }
        let agreed = self.dialog.agreed;
        if bytes.len() > usize::from(agreed.blksize) {
            self.dialog.illegal("a block larger than agreed");
            return Taken::Nothing;
        }
        let place = self.order.place(block, agreed.windowsize);
        if place == Place::Tell {
            self.acknowledge();
        }
        if place != Place::Next {
            return Taken::Nothing;
        }
        self.dialog.timer.answered(now);
        if bytes.len() < usize::from(agreed.blksize) {
            self.complete = true;
            return Taken::Last(bytes);
        }
        if self.order.is_due(agreed.windowsize) {
            self.acknowledge();
        } else {
            self.dialog.timer.wait(now);
        }
        Taken::Bytes(bytes)
    }

    fn acknowledge(&mut self) {
        self.ack = packet::ack(self.order.acknowledge());
        self.due = true;
        self.dialog.timer.yields();
    }

    /// The bytes of [`Taken::Last`] are in the file, and the file is where it belongs: the peer is told,
    /// and until [`Receiver::over`] told again (RFC 1350 section 6, "dallying").
    pub fn stored(&mut self, now: Instant) {
        if self.complete && self.dialog.end().is_none() {
            self.acknowledge();
            self.dialog.finish(End::Done);
            self.due = self.dialog.timer.dally(now);
        }
    }

    fn dallying(&self) -> bool {
        self.dialog.end() == Some(&End::Done) && self.dialog.timer.deadline().is_some()
    }

    fn dally(&mut self, datagram: &[u8], now: Instant) {
        match packet::parse(datagram) {
            Ok(Packet::Data { block, .. }) if self.order.is_repeated(block) => {
                self.due = self.dialog.timer.dally(now);
            }
            Ok(Packet::Error { .. }) => self.dialog.timer.stop(),
            _ => {}
        }
    }

    /// To be called when [`Receiver::deadline`] has passed; earlier it does nothing.
    pub fn expire(&mut self, now: Instant) {
        if self.dialog.end().is_some() {
            self.dialog.timer.stop_if_due(now);
        } else if self.dialog.expire(now) {
            self.acknowledge();
        }
    }

    /// When to call [`Receiver::expire`]; `None` while nothing is waited for but the driver.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.dialog.timer.deadline()
    }

    /// What is to be sent now: one packet.
    #[must_use]
    pub fn unsent(&self) -> Option<Batch<'_>> {
        let wanted = self.due && self.dialog.end().is_none_or(|end| *end == End::Done);
        let ack = || wanted.then_some(Batch { bytes: &self.ack, each: HEADER });
        self.dialog.message().or_else(ack)
    }

    /// [`Receiver::unsent`] has gone out.
    pub fn sent(&mut self, now: Instant) {
        if !self.dialog.sent(now) {
            self.due = false;
            // What is said again because the peer repeats itself gives it no more time.
            if self.dialog.end().is_none() && self.dialog.timer.deadline().is_none() {
                self.dialog.timer.sent(now, true);
            }
        }
    }

    /// A client's request has been answered, be it by the end: who sent the datagram that made this
    /// true is the peer. A server's side knows its peer from the beginning.
    #[must_use]
    pub fn opened(&self) -> bool {
        !self.dialog.asking() || self.dialog.end().is_some()
    }

    /// The options in force, once it is opened.
    #[must_use]
    pub fn agreed(&self) -> &Agreed {
        &self.dialog.agreed
    }

    /// Ends the transfer by an ERROR, of which [`Receiver::unsent`] has the packet: the bytes cannot
    /// be stored, or somebody wants to stop.
    pub fn fail(&mut self, code: Code, words: &str) {
        self.dialog.fail(code, words);
    }

    /// How it ended, if it has. [`End::Done`] from [`Receiver::stored`] on.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.dialog.end()
    }

    /// True when it ended, nothing is left to be sent, and nobody may ask again.
    #[must_use]
    pub fn over(&self) -> bool {
        self.dialog.end().is_some() && !self.dallying() && self.unsent().is_none()
    }
}
