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
mod kept;
mod make;
mod transfer;

use std::sync::atomic::AtomicU32;

use crate::memory::Segment;
use bytes::Bytes;
use ends::Ends;
pub use kept::{Receiver, Sender};

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
    /// Senders and receivers of this process that keep a lock.
    kept: AtomicU32,
}

impl Queue {
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

impl Drop for Queue {
    fn drop(&mut self) {
        // A sender was forgotten (mem::forget): see `Lock`.
        if *self.kept.get_mut() > 0 {
            self.segment.leak();
        }
    }
}
