//! expect: it has used more than 1 s of processor time
//! expect: at src/lib.rs:

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<Place>()).unwrap();

#[repr(C)]
struct Place {
    value: AtomicU64,
    taken: AtomicBool,
}

pub struct Counter {
    at: NonNull<Place>,
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
        self.update(|value| value.wrapping_add(n))
    }

    pub fn update(&self, mut change: impl FnMut(u64) -> u64) -> u64 {
        let taken = &self.place().taken;
        while taken.swap(true, Ordering::SeqCst) {
            std::hint::spin_loop();
        }
        let new = change(self.get());
        self.value().store(new, Ordering::SeqCst);
        taken.store(false, Ordering::SeqCst);
        new
    }

    fn value(&self) -> &AtomicU64 {
        &self.place().value
    }

    fn place(&self) -> &Place {
        // SAFETY: it is mapped for as long as `self` lives, aligned to a page, and atomics may be
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

// SAFETY: what it leads to is a pair of atomics, which any thread may use, and munmap may be called
// by any.
unsafe impl Send for Counter {}
// SAFETY: as above.
unsafe impl Sync for Counter {}
