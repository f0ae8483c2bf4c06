//! The smallest lock between processes: an unnamed POSIX semaphore (sem_overview(7)). Day 7 takes
//! it apart; here it is what `Value.get_lock()` and a handshake need. See also `ipc`.

use libc::sem_t;
use syscall::{Context as _, Errno, Result, retry};

use crate::map::Map;

/// In shared memory of its own, so that nobody can come too near to it.
pub(crate) struct Semaphore(Map<sem_t>);

impl Semaphore {
    pub(crate) fn new(value: u32) -> Result<Self> {
        let memory = Map::<sem_t>::anonymous()?;
        // SAFETY: the memory has the size of a sem_t and is aligned, and nobody knows it yet. The
        // 1 says that several processes use it; with 0 a wake-up stays in its own process.
        Errno::result(unsafe { libc::sem_init(memory.as_ptr(), 1, value) }).call("sem_init")?;
        Ok(Self(memory))
    }

    /// Waits until it is above 0 and takes 1 off.
    pub(crate) fn acquire(&self) -> Result<()> {
        // SAFETY: `new` has made it, and it is mapped for as long as `self` lives.
        let wait = || Errno::result(unsafe { libc::sem_wait(self.0.as_ptr()) });
        retry(wait).map(drop).call("sem_wait")
    }

    /// The same without waiting: whether it was above 0.
    pub(crate) fn try_acquire(&self) -> Result<bool> {
        // SAFETY: as in `acquire`.
        let wait = || Errno::result(unsafe { libc::sem_trywait(self.0.as_ptr()) });
        match retry(wait) {
            Err(Errno::EAGAIN) => Ok(false),
            done => done.map(|_| true).call("sem_trywait"),
        }
    }

    /// Adds 1 and wakes one that waits.
    pub(crate) fn release(&self) -> Result<()> {
        // SAFETY: as in `acquire`.
        Errno::result(unsafe { libc::sem_post(self.0.as_ptr()) }).map(drop).call("sem_post")
    }

    /// `with value.get_lock():`
    pub(crate) fn with<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        self.acquire()?;
        let done = work();
        self.release()?;
        Ok(done)
    }
}
