//! Messages in and out.

use std::sync::atomic::Ordering;

use syscall::{Context as _, Deadline, Errno};

use super::Queue;
use super::bytes::UNIT;
use super::ends::{Ends, Turn};
use crate::error::{Error, Result};

/// Units between what is copied and what is fetched: three cache lines. Not where the other side
/// is at work, whose lines it would take away.
const AHEAD: u32 = 24;

impl Queue {
    /// Appends a message (`put(obj, block, timeout)`). It is in the queue when this returns, whole,
    /// or when it fails not at all.
    ///
    /// # Errors
    /// [`Error::TimedOut`]: full until the deadline; with [`Deadline::Now`] also when another
    /// sender did not get done. [`Error::Closed`]; [`Error::TooLarge`].
    pub fn put(&self, message: &[u8], deadline: Deadline) -> Result<()> {
        self.must_fit(message)?;
        let _turn = self.senders_turn(units(message.len()), deadline)?;
        self.put_in_turn(message, deadline)
    }

    pub(super) fn must_fit(&self, message: &[u8]) -> Result<()> {
        let (size, limit) = (message.len(), self.limit);
        if size > limit { Err(Error::TooLarge { size, limit }) } else { Ok(()) }
    }

    fn fits(&self, units: u32, tail: u32, head: u32) -> bool {
        self.bytes.units().checked_sub(tail.wrapping_sub(head)) >= Some(units)
    }

    pub(super) fn senders_turn(&self, units: u32, deadline: Deadline) -> Result<Turn<'_>> {
        let Ends { senders, ring, .. } = self.segment.head();
        let busy = || ring.tail().is_none_or(|tail| self.fits(units, tail, ring.head()));
        Turn::take(&senders.lock, deadline, busy)
    }

    /// The message is not too large, and the calling thread has the senders' lock.
    pub(super) fn put_in_turn(&self, message: &[u8], deadline: Deadline) -> Result<()> {
        let Ends { senders, ring, .. } = self.segment.head();
        let units = units(message.len());
        let tail = ring.tail().ok_or(Error::Closed)?;
        if !self.fits(units, tail, senders.seen.load(Ordering::Relaxed)) {
            let head =
                ring.wait_for_head(deadline, self.looks, |head| self.fits(units, tail, head))?;
            senders.seen.store(head, Ordering::Relaxed);
        }
        let used = tail.wrapping_sub(senders.seen.load(Ordering::Relaxed));
        if self.bytes.units().wrapping_sub(used) > 2 * AHEAD {
            self.bytes.prefetch(tail.wrapping_add(AHEAD), true);
        }
        // SAFETY: from the tail on so many units are free, and the senders' lock is ours.
        unsafe { self.bytes.set_number(tail, message.len() as u64) };
        // SAFETY: as above.
        unsafe { self.bytes.write(tail.wrapping_add(1), message) };
        if ring.sent(units) { Ok(()) } else { Err(Error::Closed) }
    }

    /// Takes the oldest message (`get(block, timeout)`).
    ///
    /// # Errors
    /// As [`Queue::get_into`].
    pub fn get(&self, deadline: Deadline) -> Result<Vec<u8>> {
        let mut message = Vec::new();
        self.get_into(&mut message, deadline)?;
        Ok(message)
    }

    /// The same into a buffer that can be used again. It holds the message afterwards and nothing
    /// else; after an error it is as it was.
    ///
    /// # Errors
    /// [`Error::TimedOut`]: empty until the deadline; with [`Deadline::Now`] also when another
    /// receiver did not get done. [`Error::Closed`] when it is closed and empty. EBADMSG when
    /// something else has written in the memory.
    pub fn get_into(&self, message: &mut Vec<u8>, deadline: Deadline) -> Result<()> {
        let _turn = self.receivers_turn(deadline)?;
        self.get_in_turn(message, deadline)
    }

    pub(super) fn receivers_turn(&self, deadline: Deadline) -> Result<Turn<'_>> {
        let Ends { receivers, ring, .. } = self.segment.head();
        Turn::take(&receivers.lock, deadline, || ring.len() > 0 || ring.is_closed())
    }

    /// The calling thread has the receivers' lock.
    pub(super) fn get_in_turn(&self, message: &mut Vec<u8>, deadline: Deadline) -> Result<()> {
        let Ends { receivers, ring, .. } = self.segment.head();
        let head = ring.head();
        let mut tail = receivers.seen.load(Ordering::Relaxed);
        if tail == head {
            tail = ring.wait_for_tail(deadline, self.looks, head)?;
            receivers.seen.store(tail, Ordering::Relaxed);
        }
        if tail.wrapping_sub(head) > 2 * AHEAD {
            self.bytes.prefetch(head.wrapping_add(AHEAD), false);
        }
        let len = usize::try_from(self.bytes.number(head)).ok().filter(|len| *len <= self.limit);
        let whole = len.filter(|len| units(*len) <= tail.wrapping_sub(head));
        let len = whole.ok_or(Errno::EBADMSG).call("queue")?;
        message.clear();
        message.reserve(len);
        // SAFETY: reserved; `len` is at most `limit`, which is less than the ring has; senders do
        // not touch what lies between the ends, and the receivers' lock is ours.
        unsafe { self.bytes.read(head.wrapping_add(1), message.as_mut_ptr(), len) };
        // SAFETY: so many bytes were written.
        unsafe { message.set_len(len) };
        ring.received(units(len));
        Ok(())
    }
}

/// What a message takes: its length, its bytes. It has at most `limit` of them.
#[allow(clippy::cast_possible_truncation, reason = "the limit is far below 2^32 units")]
fn units(len: usize) -> u32 {
    1 + len.div_ceil(UNIT) as u32
}
