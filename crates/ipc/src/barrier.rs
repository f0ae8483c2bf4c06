//! A place where all meet before any goes on: CPython's `multiprocessing.Barrier`. The word itself
//! is in `word/barrier.rs`.

use syscall::{Context as _, Deadline, Errno};

use crate::error::{Error, Result};
use crate::memory::{Head, Place, Segment};
use crate::word::barrier::{Failure, MOST, Turns};

// SAFETY: an atomic, and a number whose every value only says how many are waited for.
unsafe impl Head for Turns {
    const NAME: &'static str = "barrier 1";
}

/// So many processes wait for each other, again and again.
///
/// When one of them gives up, nobody goes through: the barrier breaks, and the others learn it at
/// once instead of waiting for one that does not come. A process that is killed on its way there
/// tells nobody, so wait with a deadline. One that is killed while it waits has arrived.
///
/// pthread_barrier_wait(3p) has no deadline and cannot be broken.
///
/// ```
/// use ipc::{Barrier, Deadline};
///
/// # fn main() -> ipc::Result<()> {
/// let start = Barrier::new(1)?;
/// assert!(start.wait(Deadline::Never)?, "the last one to come");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Barrier(Segment<Turns>);

impl Barrier {
    /// For so many `parties`, 1 to 65,535.
    ///
    /// # Errors
    /// EINVAL for another number, ENOMEM.
    pub fn new(parties: u32) -> Result<Self> {
        Self::make(Place::Anonymous, parties)
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// EINVAL, and those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, parties: u32) -> Result<Self> {
        Self::make(Place::Named(name), parties)
    }

    fn make(place: Place<'_>, parties: u32) -> Result<Self> {
        if !(1..=MOST).contains(&parties) {
            Err(Errno::EINVAL).call_on("barrier", parties)?;
        }
        Segment::new(place, 0, 0, Turns::new(parties), |_| Ok(())).map(Self)
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Segment::open(name, 0).map(Self)
    }

    /// Waits until all have come (`Barrier.wait(timeout)`). True for one of them, the last: to do
    /// what is to be done once.
    ///
    /// # Errors
    /// [`Error::TimedOut`] when this one's deadline has passed, which breaks the barrier;
    /// [`Error::Broken`] when it was broken already, or while this one was waiting. In CPython both
    /// are `BrokenBarrierError`.
    pub fn wait(&self, deadline: Deadline) -> Result<bool> {
        self.0.head().wait(deadline).map_err(|failure| match failure {
            Failure::Broken => Error::Broken,
            Failure::TimedOut => Error::TimedOut,
        })
    }

    /// Breaks it, for those who wait and those who will come (`Barrier.abort()`).
    pub fn abort(&self) {
        self.0.head().abort();
    }

    /// As new (`Barrier.reset()`). For those who wait it is [`Error::Broken`].
    pub fn reset(&self) {
        self.0.head().reset();
    }

    /// Whether it is broken (`Barrier.broken`).
    pub fn is_broken(&self) -> bool {
        self.0.head().is_broken()
    }

    /// For how many it is (`Barrier.parties`).
    pub fn parties(&self) -> u32 {
        self.0.head().parties()
    }

    /// How many wait now (`Barrier.n_waiting`). Old by the time it is looked at.
    pub fn waiting(&self) -> u32 {
        self.0.head().waiting()
    }
}
