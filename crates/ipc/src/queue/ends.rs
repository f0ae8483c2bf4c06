//! The two sides of a queue: a lock for each, and the ring's ends.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use syscall::Deadline;

use crate::error::{Error, Result};
use crate::memory::Head;
use crate::mutex::Robust;
use crate::word::ring::{Ring, Stop};

/// How long one who does not want to wait waits for another one's copying.
const TURN: Duration = Duration::from_millis(10);

/// What one side has for itself, on cache lines of its own.
#[derive(Debug)]
#[repr(C, align(128))]
pub(super) struct Side {
    pub(super) lock: Robust,
    /// Where the other end was when this side looked last: it need not look as long as that is
    /// enough, and so leaves the other processor its line.
    pub(super) seen: AtomicU32,
}

#[derive(Debug)]
#[repr(C)]
pub(super) struct Ends {
    pub(super) senders: Side,
    pub(super) receivers: Side,
    pub(super) ring: Ring,
    pub(super) limit: u64,
}

// SAFETY: process-shared mutexes and atomics. What is read out of them is masked (Bytes) or
// checked (lengths) before it is used as a place in memory; `limit` is checked when it is opened.
unsafe impl Head for Ends {
    const NAME: &'static str = "queue 1";
}

impl Side {
    fn new() -> Self {
        Self { lock: Robust::new(), seen: AtomicU32::new(0) }
    }
}

impl Ends {
    pub(super) fn new(limit: u64) -> Self {
        Self { senders: Side::new(), receivers: Side::new(), ring: Ring::new(), limit }
    }

    /// # Safety
    /// That of [`Robust::init`].
    pub(super) unsafe fn init(&self) -> Result<()> {
        // SAFETY: by the contract of this function.
        unsafe { self.senders.lock.init() }?;
        // SAFETY: as above.
        unsafe { self.receivers.lock.init() }
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TimedOut => Self::TimedOut,
            Stop::Closed => Self::Closed,
        }
    }
}

/// One side's lock, held. There is nothing to repair when its last owner was killed.
#[derive(Debug)]
pub(super) struct Turn<'a>(&'a Robust);

impl<'a> Turn<'a> {
    /// One who does not want to wait gives way to another one's copying, if there is anything to
    /// copy: otherwise the other one sleeps, and the answer is known.
    pub(super) fn take(
        lock: &'a Robust,
        deadline: Deadline,
        busy: impl Fn() -> bool,
    ) -> Result<Self> {
        match lock.lock(deadline) {
            Err(Error::TimedOut) if deadline == Deadline::Now && busy() => {
                lock.lock(Deadline::after(TURN))?
            }
            locked => locked?,
        };
        Ok(Self(lock))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.unlock();
    }
}
