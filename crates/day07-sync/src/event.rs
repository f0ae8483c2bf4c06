//! Event: one says "now", and all who wait go on. The finished form is in `ipc`.
//!
//! A futex (futex(2)) is a number in memory, and a place in the kernel where those sleep who wait
//! for it to change. Who finds the number as it should be never calls the kernel at all.

use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use libc::timespec;
use syscall::{Context as _, Deadline, Errno, Result};

use crate::map::Map;

const CLEAR: u32 = 0;
const SET: u32 = 1;

pub(crate) struct Event(Map<AtomicU32>);

impl Event {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Map::anonymous()?))
    }

    /// `is_set()`
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst) == SET
    }

    /// `wait(timeout)`: whether it was set in time. `awake` is called at every return from sleep.
    ///
    /// The loop is not decoration: one returns from FUTEX_WAIT after a wake-up, because the word
    /// had changed already (EAGAIN), because of a signal (EINTR), and for no reason at all. Only
    /// the word says which it was. That the kernel compares it once more before it lets us sleep
    /// is what leaves no gap for a `set` between our look and our sleep.
    pub(crate) fn wait(&self, deadline: Deadline, awake: impl Fn()) -> Result<bool> {
        while !self.is_set() {
            let limit = deadline.remaining().map(|left| timespec {
                tv_sec: libc::time_t::try_from(left.as_secs()).unwrap_or(libc::time_t::MAX),
                tv_nsec: left.subsec_nanos().into(),
            });
            let limit = limit.as_ref().map_or(ptr::null(), ptr::from_ref);
            match self.futex(libc::FUTEX_WAIT, CLEAR, limit) {
                Err(Errno::ETIMEDOUT) => return Ok(self.is_set()),
                Ok(_) | Err(Errno::EAGAIN | Errno::EINTR) => awake(),
                Err(errno) => return Err(errno).call("futex"),
            }
        }
        Ok(true)
    }

    /// `set()`: first the word, then the wake-up. How many it has woken.
    pub(crate) fn set(&self) -> Result<i64> {
        self.0.store(SET, Ordering::SeqCst);
        self.nudge()
    }

    /// `clear()`: from here on one waits again. Nobody has to be told.
    pub(crate) fn clear(&self) {
        self.0.store(CLEAR, Ordering::SeqCst);
    }

    /// A wake-up for all and no news, as it can happen to everybody who waits.
    pub(crate) fn nudge(&self) -> Result<i64> {
        self.futex(libc::FUTEX_WAKE, i32::MAX.cast_unsigned(), ptr::null()).call("futex")
    }

    /// Without FUTEX_PRIVATE_FLAG: the place is named by the memory, not by the process.
    fn futex(
        &self,
        operation: i32,
        number: u32,
        limit: *const timespec,
    ) -> std::result::Result<i64, Errno> {
        let word = self.0.as_ptr();
        // SAFETY: the word is an aligned u32, mapped for as long as `self` lives, and the kernel
        // only compares it; the limit is null or that of the caller, who is still there.
        Errno::result(unsafe { libc::syscall(libc::SYS_futex, word, operation, number, limit) })
    }
}
