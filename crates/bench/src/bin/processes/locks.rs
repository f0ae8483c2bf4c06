//! A semaphore between processes that nobody else wants at the moment.

use std::ptr::NonNull;

use bench::Side;
use cli::Outcome;
use ipc::Semaphore;
use nix::errno::Errno;
use syscall::Context as _;

use crate::case::Failure;

/// sem_t with pshared in shared memory: sem_wait(3), sem_post(3).
#[derive(Debug)]
pub(crate) struct Raw(NonNull<libc::sem_t>);

impl Raw {
    pub(crate) fn new() -> Outcome<Self> {
        let (read_write, shared) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
        let flags = shared | libc::MAP_ANONYMOUS;
        let size = size_of::<libc::sem_t>();
        // SAFETY: a new mapping at an address of the kernel's choice.
        let place = unsafe { libc::mmap(std::ptr::null_mut(), size, read_write, flags, -1, 0) };
        if place == libc::MAP_FAILED {
            return Err(Errno::last()).call("mmap").map_err(Into::into);
        }
        let place = NonNull::new(place.cast::<libc::sem_t>()).ok_or("mapped at 0")?;
        // SAFETY: the mapping is large enough, begins at a page, and nobody else knows of it.
        Errno::result(unsafe { libc::sem_init(place.as_ptr(), 1, 1) }).call("sem_init")?;
        Ok(Self(place))
    }
}

impl Side for Raw {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            // SAFETY: initialised in `new`, and mapped until `drop`.
            Errno::result(unsafe { libc::sem_wait(self.0.as_ptr()) }).call("sem_wait")?;
            // SAFETY: as above.
            Errno::result(unsafe { libc::sem_post(self.0.as_ptr()) }).call("sem_post")?;
        }
        Ok(())
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: mapped in `new` with this size, and nobody uses it any more.
        unsafe { libc::munmap(self.0.as_ptr().cast(), size_of::<libc::sem_t>()) };
    }
}

/// [`Semaphore`].
#[derive(Debug)]
pub(crate) struct Ours(Semaphore);

impl Ours {
    pub(crate) fn new() -> Outcome<Self> {
        Ok(Self(Semaphore::new(1)?))
    }
}

impl Side for Ours {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            drop(self.0.acquire());
        }
        Ok(())
    }
}
