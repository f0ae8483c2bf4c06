//! expect: mappings are left in /proc/self/maps
//! expect: munmap(2)

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};

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
        let mut now = self.get();
        loop {
            let new = change(now);
            match self.value().compare_exchange(now, new, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return new,
                Err(other) => now = other,
            }
        }
    }

    fn value(&self) -> &AtomicU64 {
        // SAFETY: it stays mapped for ever, aligned to a page, and an atomic may be changed by
        // others at any moment.
        unsafe { self.at.as_ref() }
    }
}

// SAFETY: what it leads to is an atomic, which any thread may use, and nobody ever unmaps it.
unsafe impl Send for Counter {}
// SAFETY: as above.
unsafe impl Sync for Counter {}
