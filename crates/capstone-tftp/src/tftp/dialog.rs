//! What both sides have in common: how a transfer opens, the one message that is not DATA or ACK, and
//! how it ends.
//!
//! ```text
//! RRQ ─► OACK ─► ACK 0 ─► DATA 1 …      RRQ ─► DATA 1 …        without options
//! WRQ ─► OACK ─► DATA 1 …               WRQ ─► ACK 0 ─► DATA 1 …
//! ```

use std::time::Instant;

use super::options::{Accepted, Agreed, Ask};
use super::packet::{self, BadRequest, Code, Direction, Mode, Packet, Pairs};
use super::timer::{Expiry, Timer};
use super::{Batch, End, Timing};

#[derive(Debug)]
pub(super) struct Dialog {
    /// A client's wishes; a server has none.
    asked: Option<Ask>,
    pub(super) agreed: Agreed,
    /// The request, OACK or ACK 0, which is repeated until it is answered; at the end, an ERROR.
    message: Vec<u8>,
    /// The message is to be sent.
    due: bool,
    /// The message has been answered, or none was needed: DATA and ACK follow each other.
    open: bool,
    pub(super) timer: Timer,
    end: Option<End>,
}

impl Dialog {
    /// A server's side. Without OACK, `instead` opens; with neither, the transfer is open at once.
    pub(super) fn answer(accepted: Accepted, instead: &[u8], timing: Timing) -> Dialog {
        let Accepted { agreed, oack } = accepted;
        let message = oack.unwrap_or_else(|| instead.to_vec());
        let (due, open) = (!message.is_empty(), message.is_empty());
        let mut timer = Timer::new(timing);
        timer.fix(agreed.timeout);
        Dialog { asked: None, agreed, message, due, open, timer, end: None }
    }

    /// A client's side.
    pub(super) fn ask(
        direction: Direction,
        (name, mode): (&[u8], Mode),
        ask: &Ask,
        timing: Timing,
    ) -> Result<Dialog, BadRequest> {
        let message = packet::request(direction, name, mode, &ask.pairs())?;
        let (agreed, timer) = (Agreed::default(), Timer::new(timing));
        Ok(Dialog { asked: Some(*ask), agreed, message, due: true, open: false, timer, end: None })
    }

    /// A client that nobody has answered.
    pub(super) fn asking(&self) -> bool {
        self.asked.is_some() && !self.open
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// A datagram as DATA, ACK or OACK; all else ends here.
    pub(super) fn hear<'p>(&mut self, datagram: &'p [u8]) -> Option<Packet<'p>> {
        match packet::parse(datagram) {
            // RFC 1350 section 7: an ERROR is the end, and is neither acknowledged nor answered.
            Ok(Packet::Error { code, words }) => {
                let words = String::from_utf8_lossy(words).into_owned();
                self.finish(End::Refused { code, words });
            }
            Ok(Packet::Oack(_)) if self.asked.is_none() => self.illegal("an OACK from a client"),
            Ok(Packet::Read(_) | Packet::Write(_)) => self.illegal("a request within a transfer"),
            Ok(packet) => return Some(packet),
            Err(malformed) => self.illegal(&malformed.to_string()),
        }
        None
    }

    /// An OACK for a client. True when it opened the transfer; a repeated one does not.
    pub(super) fn oack(&mut self, pairs: Pairs<'_>, now: Instant) -> bool {
        let Some(asked) = self.asked.filter(|_| !self.open) else { return false };
        match asked.judge(pairs) {
            Ok(agreed) => self.opened(agreed, now),
            Err(words) => self.fail(Code::Options, words),
        }
        self.open
    }

    /// The peer has answered; from now on this is agreed.
    pub(super) fn opened(&mut self, agreed: Agreed, now: Instant) {
        self.agreed = agreed;
        self.timer.answered(now);
        self.timer.fix(agreed.timeout);
        self.open = true;
        self.due = false;
    }

    /// RFC 1350 section 7: what neither delay nor duplication explains ends the transfer. But while a
    /// client has no answer, what is no answer is not its peer's.
    pub(super) fn illegal(&mut self, words: &str) {
        if !self.asking() {
            self.fail(Code::Illegal, words);
        }
    }

    /// Ends the transfer by an ERROR, which is sent once.
    pub(super) fn fail(&mut self, code: Code, words: &str) {
        if self.end.is_none() {
            self.message = packet::error(code, words);
            self.finish(End::Failed { code, words: words.to_owned() });
            self.due = true;
        }
    }

    /// The first end is the end.
    pub(super) fn finish(&mut self, end: End) {
        self.end.get_or_insert(end);
        self.due = false;
        self.timer.stop();
    }

    pub(super) fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// True when the caller has to say its last word once more.
    pub(super) fn expire(&mut self, now: Instant) -> bool {
        match self.timer.expire(now) {
            Expiry::Early => return false,
            Expiry::GiveUp => self.finish(End::GivenUp),
            Expiry::Again if self.open => return true,
            Expiry::Again => self.due = true,
        }
        false
    }

    pub(super) fn message(&self) -> Option<Batch<'_>> {
        self.due.then_some(Batch { bytes: &self.message, each: self.message.len() })
    }

    /// True when it was the message that went out.
    pub(super) fn sent(&mut self, now: Instant) -> bool {
        let due = std::mem::take(&mut self.due);
        if due && self.end.is_none() {
            self.timer.sent(now, true);
        }
        due
    }
}
