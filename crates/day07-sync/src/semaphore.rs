//! A semaphore: a number that is never below 0 (sem_overview(7)). The finished form is in `ipc`.
//!
//! Neither std nor nix has one; these are the functions of C.

use libc::sem_t;
use syscall::{Context as _, Errno, Result, retry};

use crate::map::Map;

/// In shared memory of its own, so that nobody can come too near to it. It is not destroyed when
/// it is dropped: a fork has copied the handle, and the others may still wait. On Linux a
/// semaphore holds nothing but its memory.
pub(crate) struct Semaphore(Map<sem_t>);

impl Semaphore {
    /// The highest value that there is (SEM_VALUE_MAX).
    pub(crate) const MAX: u32 = i32::MAX.cast_unsigned();

    pub(crate) fn new(value: u32) -> Result<Self> {
        let memory = Map::<sem_t>::anonymous()?;
        // pshared = 1: for processes. With 0 the kernel would look for those who wait in this
        // process alone, and never find the others.
        // SAFETY: the memory has the size of a sem_t and is aligned, and nobody knows it yet.
        Errno::result(unsafe { libc::sem_init(memory.as_ptr(), 1, value) }).call("sem_init")?;
        Ok(Self(memory))
    }

    /// `acquire()`, Dijkstra's P: waits until it is above 0 and takes 1 off, in one step.
    pub(crate) fn acquire(&self) -> Result<()> {
        // SAFETY: `new` has made it, and it is mapped for as long as `self` lives.
        let wait = || Errno::result(unsafe { libc::sem_wait(self.0.as_ptr()) });
        retry(wait).map(drop).call("sem_wait")
    }

    /// `acquire(block=False)`: whether it was above 0. It is EAGAIN that says no.
    pub(crate) fn try_acquire(&self) -> Result<bool> {
        // SAFETY: as in `acquire`.
        let wait = || Errno::result(unsafe { libc::sem_trywait(self.0.as_ptr()) });
        match retry(wait) {
            Err(Errno::EAGAIN) => Ok(false),
            done => done.map(|_| true).call("sem_trywait"),
        }
    }

    /// `release()`, Dijkstra's V: adds 1 and wakes one that waits. Anybody may, at any time.
    pub(crate) fn release(&self) -> Result<()> {
        // SAFETY: as in `acquire`.
        Errno::result(unsafe { libc::sem_post(self.0.as_ptr()) }).map(drop).call("sem_post")
    }

    /// `get_value()`: what it was a moment ago. Not to be built upon; macOS does not have it.
    pub(crate) fn value(&self) -> Result<i32> {
        let mut value = 0;
        // SAFETY: as in `acquire`, and the answer goes to an integer of ours.
        let done = unsafe { libc::sem_getvalue(self.0.as_ptr(), &raw mut value) };
        Errno::result(done).call("sem_getvalue")?;
        Ok(value)
    }
}
