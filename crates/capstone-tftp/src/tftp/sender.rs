//! The side that has the file: a server that is read from, a client that writes.
//!
//! DATA is sent when the file has some and the window has room, and again only by time (RFC 1123
//! section 4.2.3.1: whoever repeats DATA because of a repeated ACK doubles all that follows, the
//! Sorcerer's Apprentice). An ACK in the middle of a window is the exception that RFC 7440 makes: it
//! is new, and the window begins anew behind it.

use std::time::Instant;

use super::dialog::Dialog;
use super::options::{Accepted, Agreed, Ask};
use super::packet::{BadRequest, Code, Direction, Mode, Packet};
use super::window::Window;
use super::{Batch, End, Timing};

/// One transfer's sending side.
#[derive(Debug)]
pub struct Sender {
    dialog: Dialog,
    window: Window,
}

impl Sender {
    /// The server's side of an RRQ: begins with OACK and waits for ACK 0, or begins with DATA.
    #[must_use]
    pub fn answer(accepted: Accepted, timing: Timing) -> Sender {
        let window = Window::new(&accepted.agreed);
        Sender { dialog: Dialog::answer(accepted, &[], timing), window }
    }

    /// The client's side of a WRQ, which OACK or ACK 0 will answer.
    ///
    /// # Errors
    /// [`BadRequest`]: there is no request with this name.
    pub fn ask(name: &[u8], mode: Mode, ask: &Ask, timing: Timing) -> Result<Sender, BadRequest> {
        let dialog = Dialog::ask(Direction::Write, (name, mode), ask, timing)?;
        let window = Window::new(&dialog.agreed);
        Ok(Sender { dialog, window })
    }

    /// A datagram of the peer.
    pub fn receive(&mut self, datagram: &[u8], now: Instant) {
        if self.dialog.end().is_some() {
            return;
        }
        match self.dialog.hear(datagram) {
            Some(Packet::Ack(block)) if self.dialog.is_open() => self.acknowledged(block, now),
            Some(Packet::Ack(0)) => {
                // A server's OACK is confirmed; a client's request is answered by a server that knows
                // no options, or wants none.
                let agreed =
                    if self.dialog.asking() { Agreed::default() } else { self.dialog.agreed };
                self.dialog.opened(agreed, now);
            }
            Some(Packet::Oack(pairs)) if self.dialog.oack(pairs, now) => {
                self.window = Window::new(&self.dialog.agreed);
            }
            Some(Packet::Data { .. }) => self.dialog.illegal("DATA from the side that receives"),
            _ => {}
        }
    }

    fn acknowledged(&mut self, block: u16, now: Instant) {
        self.window.look_ahead();
        // Old, repeated, or of a block that was never sent: no reason to send anything.
        if self.window.acknowledged(block) {
            self.dialog.timer.answered(now);
            if self.window.is_done() {
                self.dialog.finish(End::Done);
            }
        }
    }

    /// To be called when [`Sender::deadline`] has passed; earlier it does nothing.
    pub fn expire(&mut self, now: Instant) {
        if self.dialog.expire(now) {
            self.window.again();
        }
    }

    /// When to call [`Sender::expire`]; `None` while nothing is waited for but the driver.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.dialog.timer.deadline()
    }

    /// Room for the next bytes of the file, in order, for one preadv(2). Empty while none are wanted:
    /// once a peer has answered, the window behind the one that is under way is wanted as well.
    pub fn blanks(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let wanted = self.carries();
        self.window.blanks().take(if wanted { usize::MAX } else { 0 })
    }

    /// More could be sent at once; what fills the blanks otherwise is for the time behind the next ACK.
    #[must_use]
    pub fn is_hungry(&self) -> bool {
        self.carries() && self.window.is_hungry()
    }

    /// So many bytes were put into the blanks.
    pub fn fill(&mut self, bytes: usize) {
        self.window.fill(bytes);
    }

    /// The file has no more bytes.
    pub fn finish(&mut self) {
        self.window.finish();
    }

    /// What is to be sent now, or the first part of it. Fill the blanks first, else a window goes out
    /// in pieces.
    #[must_use]
    pub fn unsent(&self) -> Option<Batch<'_>> {
        let data = || if self.carries() { self.window.unsent() } else { None };
        self.dialog.message().or_else(data)
    }

    /// So many packets of [`Sender::unsent`] have gone out.
    pub fn sent(&mut self, packets: usize, now: Instant) {
        if packets > 0 && !self.dialog.sent(now) {
            let fresh = self.window.mark_sent(packets);
            self.dialog.timer.sent(now, fresh);
        }
    }

    /// DATA may go out.
    fn carries(&self) -> bool {
        self.dialog.is_open() && self.dialog.end().is_none()
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

    /// Ends the transfer by an ERROR, of which [`Sender::unsent`] has the packet: the file cannot be
    /// read, or somebody wants to stop.
    pub fn fail(&mut self, code: Code, words: &str) {
        self.dialog.fail(code, words);
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.dialog.end()
    }

    /// True when it ended and nothing is left to be sent.
    #[must_use]
    pub fn over(&self) -> bool {
        self.dialog.end().is_some() && self.dialog.message().is_none()
    }
}
