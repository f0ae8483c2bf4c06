//! Messages from many processes to many, first in, first out: a ring of bytes in shared memory.
//!
//! ```text
//! |<----------------------- capacity, a power of two ----------------------->|
//! | free        | len | bytes, up to 8·n | len | bytes … | free              |
//!               ^ head, the receivers'                    ^ tail, the senders'
//! ```
//!
//! Senders take turns by a robust lock, receivers by another one (CPython's `_wlock`, `_rlock`).
//! Between the two sides there is no lock: each moves its own end, in one step, when the bytes
//! are copied (`word/ring.rs`). That decides what a killed process leaves behind:
//! - killed in the middle of a put: the tail was not moved, so the message is not there, not even
//!   half of it. The kernel opens the lock, and the next sender writes over what was begun;
//! - killed in the middle of a get: the message is the next receiver's;
//! - killed asleep: the next one of its side gets the lock and looks for itself;
//! - killed after it has moved an end and before it has woken the other side: the other side
//!   finds out after a second at the latest (`word/platform.rs`).
//!
//! No system call is made unless the queue is empty or full and stays so for some 8 µs (with one
//! processor: at all). A receiver that sleeps keeps the receivers' lock: the others sleep behind
//! it, and a put wakes one process instead of all. So do senders.

mod bytes;
mod ends;
mod make;

use std::sync::atomic::Ordering;

use syscall::{Context as _, Deadline, Errno};

use crate::error::{Error, Result};
use crate::memory::Segment;
use bytes::{Bytes, UNIT};
use ends::{Ends, Turn};

/// Units between what is copied and what is fetched: three cache lines. Not where the other side
/// is at work, whose lines it would take away.
const AHEAD: u32 = 24;

/// A queue of messages (`multiprocessing.Queue(maxsize)`, mq_overview(7)).
///
/// Unlike CPython's it has no thread that feeds a pipe, so a message is there when `put` returns,
/// and in the order of the puts. Any number of processes and threads may be on either side.
///
/// ```
/// use ipc::{Deadline, Queue};
///
/// # fn main() -> ipc::Result<()> {
/// let queue = Queue::new(100, 64)?;
/// queue.put(b"first", Deadline::Never)?;
/// queue.close();
/// assert_eq!(queue.get(Deadline::Never)?, b"first");
/// assert_eq!(queue.get(Deadline::Never), Err(ipc::Error::Closed));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Queue {
    /// Before its segment, which it points into.
    bytes: Bytes,
    segment: Segment<Ends>,
    limit: usize,
    looks: bool,
}

impl Queue {
    /// Appends a message (`put(obj, block, timeout)`). It is in the queue when this returns, whole,
    /// or when it fails not at all.
    ///
    /// # Errors
    /// [`Error::TimedOut`]: full until the deadline; with [`Deadline::Now`] also when another
    /// sender did not get done. [`Error::Closed`]; [`Error::TooLarge`].
    pub fn put(&self, message: &[u8], deadline: Deadline) -> Result<()> {
        if message.len() > self.limit {
            return Err(Error::TooLarge { size: message.len(), limit: self.limit });
        }
        let Ends { senders, ring, .. } = self.segment.head();
        let (units, all) = (units(message.len()), self.bytes.units());
        let fits = |tail: u32, head| all.checked_sub(tail.wrapping_sub(head)) >= Some(units);
        let busy = || ring.tail().is_none_or(|tail| fits(tail, ring.head()));
        let _turn = Turn::take(&senders.lock, deadline, busy)?;
        let tail = ring.tail().ok_or(Error::Closed)?;
        if !fits(tail, senders.seen.load(Ordering::Relaxed)) {
            let head = ring.wait_for_head(deadline, self.looks, |head| fits(tail, head))?;
            senders.seen.store(head, Ordering::Relaxed);
        }
        let used = tail.wrapping_sub(senders.seen.load(Ordering::Relaxed));
        if all.wrapping_sub(used) > 2 * AHEAD {
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
        let Ends { receivers, ring, .. } = self.segment.head();
        let busy = || ring.len() > 0 || ring.is_closed();
        let _turn = Turn::take(&receivers.lock, deadline, busy)?;
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

    /// From now on nothing can be put; what is in the queue can still be received. For all
    /// processes, unlike CPython's `close()`, and whoever waits is told.
    pub fn close(&self) {
        self.segment.head().ring.close();
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.segment.head().ring.is_closed()
    }

    /// Messages in it (`qsize()`). Old by the time it is looked at.
    pub fn len(&self) -> usize {
        self.segment.head().ring.len() as usize
    }

    /// True for none (`empty()`). Old by the time it is looked at.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that it has room for: a message takes its length, rounded up to 8, and 8 more.
    pub fn capacity(&self) -> usize {
        self.segment.tail_len()
    }

    /// Bytes that a message may have.
    pub fn limit(&self) -> usize {
        self.limit
    }
}

/// What a message takes: its length, its bytes. It has at most `limit` of them.
#[allow(clippy::cast_possible_truncation, reason = "the limit is far below 2^32 units")]
fn units(len: usize) -> u32 {
    1 + len.div_ceil(UNIT) as u32
}
