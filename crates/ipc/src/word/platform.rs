//! A word that can be slept on: futex(2), between processes.
//!
//! The kernel looks at the word and puts the caller to sleep in one step, so that a change between
//! the caller's look and its sleep is never missed. It looks at 32 bits: those that hold the
//! word's low half.
//!
//! Nobody sleeps longer than [`PIECE`] at a time. A process that is killed after it has changed a
//! word and before it has woken the others, or after it was woken in their stead, leaves a wake-up
//! lost, as with sem_post(3); here the others find out after that time by themselves.

use std::ops::Deref;
use std::ptr::null;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use nix::sys::time::TimeSpec;
use nix::time::{ClockId, clock_gettime};
use syscall::Deadline;

/// The longest sleep without a look.
const PIECE: Duration = Duration::from_secs(1);

pub(super) use std::hint::spin_loop;
pub(super) use std::sync::atomic::Ordering;

/// 64 bits, of which the low half can be slept on.
#[derive(Debug)]
#[repr(transparent)]
pub(super) struct Word(AtomicU64);

impl Deref for Word {
    type Target = AtomicU64;

    fn deref(&self) -> &AtomicU64 {
        &self.0
    }
}

impl Word {
    pub(super) const fn new(value: u64) -> Self {
        Self(AtomicU64::new(value))
    }

    /// Sleeps while the low half is `low`: until somebody wakes it, or the deadline passes, or a
    /// signal was handled, or for no reason. The caller looks again.
    pub(super) fn sleep(&self, low: u32, deadline: Deadline) {
        let left = deadline.remaining().map_or(PIECE, |left| left.min(PIECE));
        // FUTEX_WAIT_BITSET wants a moment, which a stopped process does not move; that of the
        // monotonic clock, which nobody can set.
        let Ok(now) = clock_gettime(ClockId::CLOCK_MONOTONIC) else { return };
        let until = now + TimeSpec::from_duration(left);
        let call = libc::FUTEX_WAIT_BITSET;
        let all = libc::FUTEX_BITSET_MATCH_ANY;
        // SAFETY: the kernel reads 32 aligned bits inside of this word and a moment of our own.
        // Whatever it says (EAGAIN, EINTR, ETIMEDOUT) the caller looks again.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                self.low(),
                call,
                low,
                &raw const *until.as_ref(),
                null::<u32>(),
                all,
            )
        };
    }

    /// Wakes at most so many of those who sleep.
    #[cold]
    pub(super) fn wake(&self, count: u32) {
        let count = count.min(i32::MAX.cast_unsigned());
        // SAFETY: FUTEX_WAKE takes the address as a name and reads nothing there.
        unsafe { libc::syscall(libc::SYS_futex, self.low(), libc::FUTEX_WAKE, count) };
    }

    /// Where the low half lies.
    fn low(&self) -> *const u32 {
        let first = self.0.as_ptr().cast::<u32>().cast_const();
        if cfg!(target_endian = "big") { first.wrapping_add(1) } else { first }
    }
}
