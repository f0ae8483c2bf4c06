//! expect: sleeps in futex(2)
//! expect: its futexes are private ones

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::Mutex;

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<Mutex<u64>>()).unwrap();

pub struct Counter {
    at: NonNull<Mutex<u64>>,
}

impl Counter {
    pub fn new(value: u64) -> io::Result<Self> {
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, SIZE, both, MapFlags::MAP_SHARED) }?;
        let counter = Self { at: at.cast() };
        // SAFETY: a mapping begins at a page, so it is aligned; it is large enough, and nobody
        // knows of it yet.
        unsafe { counter.at.as_ptr().write(Mutex::new(value)) };
        Ok(counter)
    }

    pub fn get(&self) -> u64 {
        *self.value().lock().unwrap()
    }

    pub fn add(&self, n: u64) -> u64 {
        self.update(|value| value.wrapping_add(n))
    }

    pub fn update(&self, mut change: impl FnMut(u64) -> u64) -> u64 {
        let mut value = self.value().lock().unwrap();
        *value = change(*value);
        *value
    }

    fn value(&self) -> &Mutex<u64> {
        // SAFETY: `new` has written it, aligned to a page, and it is mapped for as long as `self`
        // lives. That other processes change it, std does not expect of a mutex: that is the
        // mistake.
        unsafe { self.at.as_ref() }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this size, and nobody has borrowed `self` any more.
        let _ = unsafe { munmap(self.at.cast(), SIZE.get()) };
    }
}

// SAFETY: what it leads to is a mutex around an integer, which any thread may use, and munmap may
// be called by any.
unsafe impl Send for Counter {}
// SAFETY: as above.
unsafe impl Sync for Counter {}
