//! A number of places, between processes: CPython's `multiprocessing.Semaphore` and
//! `BoundedSemaphore`, sem_overview(7). The word itself is in `word/semaphore.rs`.

use syscall::Deadline;

use crate::error::{Error, Result};
use crate::memory::{Head, Place, Segment};
use crate::word::semaphore::Places;

// SAFETY: an atomic, and a number whose every value only says how much is too much.
unsafe impl Head for Places {
    const NAME: &'static str = "semaphore 1";
}

/// So many may pass; the others wait until somebody gives a place back. The sibling of
/// `threads::Semaphore`.
///
/// A free place is taken and given back without a system call. Nobody is promised a turn: who comes
/// at the right moment may overtake one that is just waking up.
///
/// A semaphore has no owner. A process that is killed while it holds a [`Permit`] takes the place
/// with it, as with sem_t; where that matters, a [`crate::Lock`] is the right thing.
///
/// ```
/// # fn main() -> ipc::Result<()> {
/// let tables = ipc::Semaphore::new(2)?;
/// let (ann, bob) = (tables.acquire(), tables.try_acquire());
/// assert!(bob.is_some() && tables.try_acquire().is_none());
/// drop(ann);
/// assert_eq!(tables.value(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Semaphore(Segment<Places>);

impl Semaphore {
    /// `value` places for this process and its children. [`Semaphore::release`] may make more.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new(value: u32) -> Result<Self> {
        Self::make(Place::Anonymous, value, u32::MAX)
    }

    /// `value` places, and never more (`multiprocessing.BoundedSemaphore`).
    ///
    /// # Errors
    /// ENOMEM.
    pub fn bounded(value: u32) -> Result<Self> {
        Self::make(Place::Anonymous, value, value)
    }

    /// [`Semaphore::new`] under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, value: u32) -> Result<Self> {
        Self::make(Place::Named(name), value, u32::MAX)
    }

    /// [`Semaphore::bounded`] under a name.
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new_bounded(name: &str, value: u32) -> Result<Self> {
        Self::make(Place::Named(name), value, value)
    }

    fn make(place: Place<'_>, value: u32, limit: u32) -> Result<Self> {
        Segment::new(place, 0, 0, Places::new(value, limit), |_| Ok(())).map(Self)
    }

    /// What somebody else has created, bounded or not, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Segment::open(name, 0).map(Self)
    }

    /// Takes a place, waits for one as long as it takes (`acquire()`, sem_wait(3)).
    pub fn acquire(&self) -> Permit<'_> {
        // `Never` always ends with a place.
        while !self.0.head().take(Deadline::Never) {}
        Permit(self)
    }

    /// Takes a place if there is one (`acquire(block=False)`, sem_trywait(3)).
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        self.acquire_until(Deadline::Now)
    }

    /// Takes a place, `None` when the deadline has passed first (`acquire(timeout=…)`,
    /// sem_clockwait(3) by CLOCK_MONOTONIC).
    pub fn acquire_until(&self, deadline: Deadline) -> Option<Permit<'_>> {
        self.0.head().take(deadline).then(|| Permit(self))
    }

    /// Adds a place without having taken one, or gives back one whose [`Permit`] was forgotten
    /// (`release()`, sem_post(3)): another process may do that.
    ///
    /// # Errors
    /// [`Error::TooManyReleases`] (EOVERFLOW): beyond what a bounded one started with, beyond
    /// `u32::MAX` otherwise. The value stays as it is. CPython raises `ValueError`.
    pub fn release(&self) -> Result<()> {
        self.release_many(1)
    }

    /// Adds so many places, or none of them.
    ///
    /// # Errors
    /// As [`Semaphore::release`].
    pub fn release_many(&self, places: u32) -> Result<()> {
        let head = self.0.head();
        let limit = head.limit();
        if head.add(places) { Ok(()) } else { Err(Error::TooManyReleases { limit }) }
    }

    /// Places that are free now (`get_value()`, sem_getvalue(3)). Old by the time it is looked at.
    pub fn value(&self) -> u32 {
        self.0.head().value()
    }
}

/// A place taken. Dropping it gives it back.
#[derive(Debug)]
#[must_use = "a permit that is not kept is given back at once"]
pub struct Permit<'a>(&'a Semaphore);

impl Permit<'_> {
    /// Keeps the place taken for good, or until somebody calls [`Semaphore::release`], in this
    /// process or another one. To be called in all but one of the processes that have a copy of
    /// the permit after a fork.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // It fails only when somebody else has released a place that was ours: the value is at
        // its limit, where it belongs.
        let _ = self.0.release();
    }
}
