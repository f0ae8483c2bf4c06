//! The futex of `src/word/platform.rs` as loom can run it.

use std::ops::Deref;

use loom::sync::atomic::AtomicU64;
use loom::sync::{Condvar, Mutex};
use syscall::Deadline;

pub(super) use loom::hint::spin_loop;
pub(super) use std::sync::atomic::Ordering;

/// The word and what the kernel has for its address: a queue under a lock (futex(2)).
#[derive(Debug)]
pub(super) struct Word {
    value: AtomicU64,
    bucket: Mutex<()>,
    sleepers: Condvar,
}

impl Deref for Word {
    type Target = AtomicU64;

    fn deref(&self) -> &AtomicU64 {
        &self.value
    }
}

impl Word {
    pub(super) fn new(value: u64) -> Self {
        let value = AtomicU64::new(value);
        Self { value, bucket: Mutex::new(()), sleepers: Condvar::new() }
    }

    /// Compares and sleeps in one step, with respect to `wake`. Without a deadline.
    pub(super) fn sleep(&self, low: u32, deadline: Deadline) {
        assert_eq!(deadline, Deadline::Never, "loom has no clock");
        let bucket = self.bucket.lock().unwrap();
        if self.value.load(Ordering::SeqCst) & 0xffff_ffff == u64::from(low) {
            drop(self.sleepers.wait(bucket).unwrap());
        }
    }

    pub(super) fn wake(&self, count: u32) {
        drop(self.bucket.lock().unwrap());
        if count == 1 {
            self.sleepers.notify_one();
        } else {
            self.sleepers.notify_all();
        }
    }
}
