//! A semaphore in one word, after glibc's `sem_t` (nptl/sem_waitcommon.c, "new semaphore").
//!
//! | low 32 bits | high 32 bits |
//! |---|---|
//! | free places | those who sleep or are about to |
//!
//! Whoever finds a place takes it by one compare-and-exchange. Whoever does not counts itself as
//! a waiter first and looks again, so that each release sees either the waiter in the word that it
//! changes, and wakes it, or comes first, and is seen.
//!
//! A waiter that is killed stays counted. From then on each release makes a call for nothing.

use super::platform::{Ordering, Word};
use syscall::Deadline;

const WAITER: u64 = 1 << 32;

#[derive(Debug)]
#[repr(C)]
pub(crate) struct Places {
    state: Word,
    limit: u32,
}

/// The half that says how many are free; the other half is dropped.
#[allow(clippy::cast_possible_truncation, reason = "one half is what is asked for")]
fn free(state: u64) -> u32 {
    state as u32
}

impl Places {
    pub(crate) fn new(value: u32, limit: u32) -> Self {
        Self { state: Word::new(value.into()), limit }
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    pub(crate) fn value(&self) -> u32 {
        free(self.state.load(Ordering::Relaxed))
    }

    /// Takes a place; false when the deadline has passed first.
    pub(crate) fn take(&self, deadline: Deadline) -> bool {
        self.try_take(1) || (deadline != Deadline::Now && self.wait(deadline))
    }

    /// Takes a place if there is one, and `what - 1` beside it off the word.
    fn try_take(&self, what: u64) -> bool {
        let mut now = self.state.load(Ordering::Relaxed);
        while free(now) > 0 {
            match self.exchange(now, now - what) {
                Ok(_) => return true,
                Err(other) => now = other,
            }
        }
        false
    }

    #[cold]
    fn wait(&self, deadline: Deadline) -> bool {
        self.state.fetch_add(WAITER, Ordering::Relaxed);
        // A place and this waiter leave the word in one step.
        while !self.try_take(1 + WAITER) {
            if deadline.has_passed() {
                self.state.fetch_sub(WAITER, Ordering::Relaxed);
                return false;
            }
            self.state.sleep(0, deadline);
        }
        true
    }

    /// False, and nothing is changed, when that would be more than the limit.
    pub(crate) fn add(&self, places: u32) -> bool {
        let mut now = self.state.load(Ordering::Relaxed);
        loop {
            if self.limit.checked_sub(free(now)).is_none_or(|room| room < places) {
                return false;
            }
            match self.exchange(now, now + u64::from(places)) {
                Ok(_) => break,
                Err(other) => now = other,
            }
        }
        if now >= WAITER {
            self.state.wake(places);
        }
        true
    }

    /// Acquire and Release at once: who takes a place sees what all who gave one had done.
    fn exchange(&self, now: u64, next: u64) -> Result<u64, u64> {
        self.state.compare_exchange_weak(now, next, Ordering::AcqRel, Ordering::Relaxed)
    }
}
