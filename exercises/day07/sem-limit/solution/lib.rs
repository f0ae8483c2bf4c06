//! A number of places, which processes take and give back.

use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use libc::sem_t;
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

/// So many processes may be inside; the others wait. For this process, and for those that it forks
/// after [`Semaphore::new`].
#[derive(Debug)]
pub struct Semaphore {
    /// In memory that a fork does not copy.
    at: NonNull<sem_t>,
}

const SIZE: NonZeroUsize = NonZeroUsize::new(size_of::<sem_t>()).expect("a sem_t has a size");

impl Semaphore {
    /// All places are free. EINVAL when there cannot be so many.
    pub fn new(places: u32) -> nix::Result<Self> {
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // Shared: after a fork, both processes have the same page. All other memory is copied at
        // the first write to it (MAP_PRIVATE), and each would count for itself.
        // SAFETY: without an address of ours, the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, SIZE, both, MapFlags::MAP_SHARED) }?;
        // From here on a drop unmaps it, also when the next call fails.
        let new = Self { at: at.cast() };
        // The 1 is "pshared". With 0 the memory would be shared all the same, but the kernel would
        // look for sleepers in the caller's process only, and wake nobody.
        // SAFETY: a mapping begins at a page, so it is aligned; it is large enough, and new.
        Errno::result(unsafe { libc::sem_init(new.at.as_ptr(), 1, places) })?;
        Ok(new)
    }

    /// Takes a place, and waits for one as long as it takes.
    pub fn acquire(&self) -> nix::Result<()> {
        loop {
            // SAFETY: `new` has initialised it, and it is mapped for as long as `self` lives.
            match Errno::result(unsafe { libc::sem_wait(self.at.as_ptr()) }) {
                // A signal handler has run. No place was taken: whoever went on now would be one
                // too many inside.
                Err(Errno::EINTR) => {}
                done => return done.map(drop),
            }
        }
    }

    /// Gives a place, and wakes one that waits. Anybody may: a semaphore has no owner, which is
    /// what tells it from a lock. So nobody gives back what a killed process had taken, either.
    pub fn release(&self) -> nix::Result<()> {
        // SAFETY: as in `acquire`.
        Errno::result(unsafe { libc::sem_post(self.at.as_ptr()) }).map(drop)
    }

    /// Places that are free at this moment. It may be another number by the time that one looks at
    /// it, so it is for reports, and never to decide whether `acquire` would wait.
    pub fn value(&self) -> nix::Result<i32> {
        let mut value = 0;
        // SAFETY: as in `acquire`, and the answer goes to an integer of ours.
        Errno::result(unsafe { libc::sem_getvalue(self.at.as_ptr(), &raw mut value) })?;
        Ok(value)
    }

    /// Does the work with a place, which is given back however the work ends.
    pub fn limited<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.acquire()?;
        // A value that is dropped on every way out: return, `?` and unwinding.
        let _place = Place(self);
        work()
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // No sem_destroy: a fork has copied this handle, and others may still wait. On Linux a
        // semaphore holds nothing but its memory, and the last one to unmap that frees it.
        // SAFETY: it was mapped with this size, and nobody can have borrowed from `self` any more.
        let _ = unsafe { munmap(self.at.cast(), SIZE.get()) };
    }
}

/// A place that was taken.
struct Place<'a>(&'a Semaphore);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // It fails only when there are more places than a semaphore can count.
        let _ = self.0.release();
    }
}
