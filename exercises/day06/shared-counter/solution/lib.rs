//! A number that several processes count with.

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<AtomicU64>()).unwrap();

/// One number for this process and all that are forked later.
pub struct Counter {
    // fork copies this address, and at this address both have the same page.
    at: NonNull<AtomicU64>,
}

impl Counter {
    /// A new one that begins with `value`.
    pub fn new(value: u64) -> io::Result<Self> {
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // MAP_SHARED is what makes the difference: after a fork, private pages are copied at the
        // first write, shared ones never.
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, SIZE, both, MapFlags::MAP_SHARED) }?;
        // A page is aligned for everything, and its zeros are a value of an atomic.
        let counter = Self { at: at.cast() };
        counter.value().store(value, Ordering::SeqCst);
        Ok(counter)
    }

    /// What it is at this moment.
    pub fn get(&self) -> u64 {
        self.value().load(Ordering::SeqCst)
    }

    /// Adds `n`, and gives the new value. It wraps around.
    pub fn add(&self, n: u64) -> u64 {
        // One instruction for reading, adding and writing: no other process is ever in between,
        // and none can be killed in between.
        self.value().fetch_add(n, Ordering::SeqCst).wrapping_add(n)
    }

    /// Replaces the value by what `change` makes of it, and gives the new one. Nobody has changed it
    /// in between; for that, `change` may be called several times. Nobody waits for it.
    pub fn update(&self, mut change: impl FnMut(u64) -> u64) -> u64 {
        let mut now = self.get();
        loop {
            let new = change(now);
            // "Write the new one if it is still the one that I have read." Where a lock would keep
            // the others out, this finds out that they were there, and begins again. Whoever dies
            // before this instruction has changed nothing and holds nothing.
            match self.value().compare_exchange(now, new, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return new,
                Err(other) => now = other,
            }
        }
    }

    fn value(&self) -> &AtomicU64 {
        // SAFETY: it is mapped for as long as `self` lives, aligned to a page, and an atomic may be
        // changed by others at any moment.
        unsafe { self.at.as_ref() }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // Ours only: the memory goes with the last process that has it mapped.
        // SAFETY: it was mapped with this size, and nobody has borrowed `self` any more.
        let _ = unsafe { munmap(self.at.cast(), SIZE.get()) };
    }
}

// SAFETY: what it leads to is an atomic, which any thread may use, and munmap may be called by any.
unsafe impl Send for Counter {}
// SAFETY: as above.
unsafe impl Sync for Counter {}
