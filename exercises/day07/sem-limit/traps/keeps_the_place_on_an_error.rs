//! expect: work that failed has kept its place: value() is 2 of 3

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use libc::sem_t;
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

#[derive(Debug)]
pub struct Semaphore {
    at: NonNull<sem_t>,
}

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<sem_t>()).expect("a sem_t has a size");

impl Semaphore {
    pub fn new(places: u32) -> nix::Result<Self> {
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, SIZE, both, MapFlags::MAP_SHARED) }?;
        let new = Self { at: at.cast() };
        // SAFETY: a mapping begins at a page, so it is aligned; it is large enough, and new.
        Errno::result(unsafe { libc::sem_init(new.at.as_ptr(), 1, places) })?;
        Ok(new)
    }

    pub fn acquire(&self) -> nix::Result<()> {
        loop {
            // SAFETY: `new` has initialised it, and it is mapped for as long as `self` lives.
            match Errno::result(unsafe { libc::sem_wait(self.at.as_ptr()) }) {
                Err(Errno::EINTR) => {}
                done => return done.map(drop),
            }
        }
    }

    pub fn release(&self) -> nix::Result<()> {
        // SAFETY: as in `acquire`.
        Errno::result(unsafe { libc::sem_post(self.at.as_ptr()) }).map(drop)
    }

    pub fn value(&self) -> nix::Result<i32> {
        let mut value = 0;
        // SAFETY: as in `acquire`, and the answer goes to an integer of ours.
        Errno::result(unsafe { libc::sem_getvalue(self.at.as_ptr(), &raw mut value) })?;
        Ok(value)
    }

    pub fn limited<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.acquire()?;
        let result = work()?;
        self.release()?;
        Ok(result)
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this size, and nobody can have borrowed from `self` any more.
        let _ = unsafe { munmap(self.at.cast(), SIZE.get()) };
    }
}
