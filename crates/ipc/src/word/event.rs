//! A flag to wait for, in one word.
//!
//! | bit 0 | bits 1 to 63 |
//! |---|---|
//! | set or not | how often it was set |
//!
//! Whoever waits remembers the count. When it finds another one, the event was set while it was
//! waiting, and it matters no more whether it is still set. (In 2^31 settings during one wait the
//! half that the kernel compares would come round; nobody is that fast.)

use super::platform::{Ordering, Word};
use syscall::Deadline;

const SET: u64 = 1;
const ONCE: u64 = 2;

#[derive(Debug)]
#[repr(C)]
pub(crate) struct Flag(Word);

impl Flag {
    pub(crate) fn new() -> Self {
        Self(Word::new(0))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire) & SET != 0
    }

    pub(crate) fn set(&self) {
        let next = |now| if now & SET == 0 { now + ONCE + SET } else { now };
        // Written even when it is set: those who wait later shall see what was done before.
        let mut now = self.0.load(Ordering::Relaxed);
        while let Err(other) =
            self.0.compare_exchange_weak(now, next(now), Ordering::AcqRel, Ordering::Relaxed)
        {
            now = other;
        }
        if now & SET == 0 {
            self.0.wake(u32::MAX);
        }
    }

    pub(crate) fn clear(&self) {
        self.0.fetch_and(!SET, Ordering::AcqRel);
    }

    /// False when the deadline has passed first.
    pub(crate) fn wait(&self, deadline: Deadline) -> bool {
        let first = self.0.load(Ordering::Acquire);
        let mut now = first;
        while now & SET == 0 && now / ONCE == first / ONCE {
            if deadline.has_passed() {
                return false;
            }
            #[allow(clippy::cast_possible_truncation, reason = "the half that is slept on")]
            self.0.sleep(now as u32, deadline);
            now = self.0.load(Ordering::Acquire);
        }
        true
    }
}
