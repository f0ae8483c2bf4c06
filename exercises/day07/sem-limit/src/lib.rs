//! A number of places, which processes take and give back.

use std::io;
use std::ptr::NonNull;

use libc::sem_t;

/// So many processes may be inside; the others wait. For this process, and for those that it forks
/// after [`Semaphore::new`].
#[derive(Debug)]
pub struct Semaphore {
    at: NonNull<sem_t>,
}

impl Semaphore {
    /// All places are free. EINVAL when there cannot be so many.
    pub fn new(places: u32) -> nix::Result<Self> {
        todo!()
    }

    /// Takes a place, and waits for one as long as it takes.
    pub fn acquire(&self) -> nix::Result<()> {
        todo!()
    }

    /// Gives a place, and wakes one that waits. Anybody may.
    pub fn release(&self) -> nix::Result<()> {
        todo!()
    }

    /// Places that are free at this moment.
    pub fn value(&self) -> nix::Result<i32> {
        todo!()
    }

    /// Does the work with a place, which is given back however the work ends.
    pub fn limited<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        todo!()
    }
}
