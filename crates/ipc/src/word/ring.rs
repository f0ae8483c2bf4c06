//! The two ends of a ring, a word each. What lies between them is none of its business.
//!
//! | bit 0 | bit 1 | bits 2 to 31 | bits 32 to 63 |
//! |---|---|---|---|
//! | somebody sleeps on it | closed | messages so far | position so far, in units |
//!
//! `tail` is moved by the one sender that holds the senders' lock, `head` by the one receiver that
//! holds the receivers'; so each end has one writer, and at most one sleeper from the other side.
//! All that a move has to say (the position, one message more, "I have seen the sleeper") is one
//! compare-and-exchange. A process that is killed has moved an end or it has not.
//!
//! Whoever finds nothing leaves its mark on the other's end first and looks again in the same
//! step, so that the other sees the mark in the word that it changes, or comes first, and is seen.

use super::platform::{Ordering, Word, spin_loop};
use syscall::Deadline;

const ASLEEP: u64 = 1;
const CLOSED: u64 = 2;
const MESSAGE: u64 = 4;
const COUNT: u64 = 0xffff_fffc;
/// Looks before a sleep, and pauses between two looks: together twice as long as a wake-up
/// takes, some 8 µs. More looks would take the line away from the one who is to write it.
const LOOKS: u32 = 16;
const PAUSES: u32 = 20;

/// On a pair of cache lines of its own: the other end is another processor's.
#[derive(Debug)]
#[repr(C, align(128))]
struct End(Word);

#[derive(Debug)]
#[repr(C)]
pub(crate) struct Ring {
    tail: End,
    head: End,
}

/// Why there is nothing to send into or to receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    TimedOut,
    Closed,
}

#[allow(clippy::cast_possible_truncation, reason = "one half is what is asked for")]
fn position(end: u64) -> u32 {
    (end >> 32) as u32
}

impl End {
    /// Moves it by one message of so many units. False when it was closed.
    fn advance(&self, units: u32, even_closed: bool) -> bool {
        let mut now = self.0.load(Ordering::Relaxed);
        loop {
            if now & CLOSED != 0 && !even_closed {
                return false;
            }
            let place = u64::from(position(now).wrapping_add(units)) << 32;
            let then = place | (now.wrapping_add(MESSAGE) & COUNT) | (now & CLOSED);
            match self.0.compare_exchange_weak(now, then, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => break,
                Err(other) => now = other,
            }
        }
        if now & ASLEEP != 0 {
            self.0.wake(1);
        }
        true
    }

    /// Waits until the end is where `found` likes it, and gives its position.
    fn wait(
        &self,
        deadline: Deadline,
        looks: bool,
        found: impl Fn(u32) -> bool,
    ) -> Result<u32, Stop> {
        let looks = if looks && deadline != Deadline::Now { LOOKS } else { 0 };
        for _ in 0..looks {
            // The pause first: in the meantime the other side makes more than one message.
            for _ in 0..PAUSES {
                spin_loop();
            }
            let now = self.0.load(Ordering::Acquire);
            if found(position(now)) {
                return Ok(position(now));
            }
        }
        loop {
            let now = self.0.fetch_or(ASLEEP, Ordering::AcqRel);
            // A mark that stays costs the other side one call for nothing, and is gone then.
            if found(position(now)) {
                return Ok(position(now));
            }
            if now & CLOSED != 0 {
                return Err(Stop::Closed);
            }
            if deadline.has_passed() {
                return Err(Stop::TimedOut);
            }
            #[allow(clippy::cast_possible_truncation, reason = "the half that is slept on")]
            self.0.sleep((now | ASLEEP) as u32, deadline);
        }
    }
}

impl Ring {
    pub(crate) fn new() -> Self {
        Self { tail: End(Word::new(0)), head: End(Word::new(0)) }
    }

    /// Where the sender writes next. `None` when it is closed.
    pub(crate) fn tail(&self) -> Option<u32> {
        let now = self.tail.0.load(Ordering::Relaxed);
        (now & CLOSED == 0).then(|| position(now))
    }

    /// Where the receiver reads next.
    pub(crate) fn head(&self) -> u32 {
        position(self.head.0.load(Ordering::Relaxed))
    }

    /// The sender's: a message of so many units lies at the tail. False when it was closed.
    pub(crate) fn sent(&self, units: u32) -> bool {
        self.tail.advance(units, false)
    }

    /// The receiver's: the message at the head, of so many units, is read.
    pub(crate) fn received(&self, units: u32) {
        self.head.advance(units, true);
    }

    /// The sender's: waits until the head is where `found` likes it.
    pub(crate) fn wait_for_head(
        &self,
        deadline: Deadline,
        looks: bool,
        found: impl Fn(u32) -> bool,
    ) -> Result<u32, Stop> {
        // The tail says first that it is closed, and perhaps alone: a closer can be killed, too.
        let head = self.head.wait(deadline, looks, |head| self.is_closed() || found(head))?;
        if self.is_closed() { Err(Stop::Closed) } else { Ok(head) }
    }

    /// The receiver's: waits until the tail is somewhere else than its own position.
    pub(crate) fn wait_for_tail(
        &self,
        deadline: Deadline,
        looks: bool,
        own: u32,
    ) -> Result<u32, Stop> {
        self.tail.wait(deadline, looks, |tail| tail != own)
    }

    /// From now on nothing is sent, and whoever sleeps is woken.
    pub(crate) fn close(&self) {
        for end in [&self.tail, &self.head] {
            let before = end.0.fetch_or(CLOSED, Ordering::AcqRel);
            if before & ASLEEP != 0 {
                end.0.wake(1);
            }
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.tail.0.load(Ordering::Relaxed) & CLOSED != 0
    }

    /// Messages between the ends. The head is looked at first, so that it is never ahead.
    pub(crate) fn len(&self) -> u32 {
        let head = self.head.0.load(Ordering::Acquire);
        let tail = self.tail.0.load(Ordering::Acquire);
        let messages = (tail & COUNT).wrapping_sub(head & COUNT) & COUNT;
        u32::try_from(messages / MESSAGE).unwrap_or(u32::MAX)
    }
}
