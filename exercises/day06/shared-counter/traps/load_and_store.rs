//! expect: The child had read 0, then others counted to 5
//! expect: when it is a load and a store

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<AtomicU64>()).unwrap();

pub struct Counter {
    at: NonNull<AtomicU64>,
}

impl Counter {
    pub fn new(value: u64) -> io::Result<Self> {
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, SIZE, both, MapFlags::MAP_SHARED) }?;
        let counter = Self { at: at.cast() };
        counter.value().store(value, Ordering::SeqCst);
        Ok(counter)
    }

    pub fn get(&self) -> u64 {
        self.value().load(Ordering::SeqCst)
    }

    pub fn add(&self, n: u64) -> u64 {
        self.value().fetch_add(n, Ordering::SeqCst).wrapping_add(n)
    }

    pub fn update(&self, mut change: impl FnMut(u64) -> u64) -> u64 {
        let new = change(self.get());
        self.value().store(new, Ordering::SeqCst);
        new
    }

    fn value(&self) -> &AtomicU64 {
        // SAFETY: it is mapped for as long as `self` lives, aligned to a page, and an atomic may be
        // changed by others at any moment.
        unsafe { self.at.as_ref() }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this size, and nobody has borrowed `self` any more.
        let _ = unsafe { munmap(self.at.cast(), SIZE.get()) };
    }
}

// SAFETY: what it leads to is an atomic, which any thread may use, and munmap may be called by any.
unsafe impl Send for Counter {}
// SAFETY: as above.
unsafe impl Sync for Counter {}
