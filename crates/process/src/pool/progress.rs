//! How far a worker has come, in memory that it shares with its parent.
//!
//! Two numbers, because two things cannot be asked of a worker:
//! - one that was killed cannot say any more which task it was working on. `begun` counts tasks.
//!   What has begun and has no answer is lost with the worker; the others go to somebody else;
//! - one that is busy cannot give back what it was sent ahead of time. `claims` counts jobs: the
//!   worker claims each before it looks into it, and the parent can put a bit there that makes
//!   the claims fail. The bit and the count are one atomic, so each job is claimed or taken back.

use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use syscall::{Context as _, Result};

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<Page>()).unwrap();

/// In `claims`: the worker shall claim nothing.
const REVOKED: u64 = 1 << 63;

struct Page {
    begun: AtomicU64,
    claims: AtomicU64,
}

/// A page that a fork does not copy.
pub(super) struct Progress(NonNull<Page>);

impl Progress {
    /// Nothing begun.
    ///
    /// # Errors
    /// ENOMEM.
    pub(super) fn new() -> Result<Self> {
        let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice touches nothing of ours.
        let page = unsafe { mmap_anonymous(None, SIZE, access, MapFlags::MAP_SHARED) };
        Ok(Self(page.call("mmap")?.cast()))
    }

    fn page(&self) -> &Page {
        // SAFETY: the page is mapped as long as `self` lives, aligned, and zeros are 0. Both
        // processes touch it through the atomics only.
        unsafe { self.0.as_ref() }
    }

    /// The worker: from here on this task has begun. Only one process writes, so no exchange.
    pub(super) fn begin(&self) {
        let begun = &self.page().begun;
        begun.store(begun.load(Ordering::Relaxed) + 1, Ordering::Release);
    }

    /// The parent, about a worker that is no more: how many tasks it had begun in its life.
    pub(super) fn begun(&self) -> u64 {
        self.page().begun.load(Ordering::Acquire)
    }

    /// The worker: takes the next job on. False when it was taken back.
    pub(super) fn claim(&self) -> bool {
        let claims = &self.page().claims;
        let next = |claimed| (claimed & REVOKED == 0).then_some(claimed + 1);
        claims.try_update(Ordering::AcqRel, Ordering::Acquire, next).is_ok()
    }

    /// The parent: nothing more is claimed. How many jobs were, in the worker's life.
    pub(super) fn revoke(&self) -> u64 {
        self.page().claims.fetch_or(REVOKED, Ordering::AcqRel) & !REVOKED
    }

    /// The parent, when the worker has skipped all that was taken back.
    pub(super) fn allow(&self) {
        self.page().claims.fetch_and(!REVOKED, Ordering::AcqRel);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this size, and nobody borrows from a value that is dropped.
        let _ = unsafe { munmap(self.0.cast(), SIZE.get()) };
    }
}
