//! A number of places: CPython's `threading.Semaphore` and `BoundedSemaphore`, sem_overview(7).

use std::fmt;

use syscall::{Deadline, Errno};

use crate::monitor::Monitor;

/// So many may pass; the others wait until somebody gives a place back.
///
/// CPython's `threading.Semaphore`; sem_wait(3) and sem_post(3) in C. std and crossbeam have
/// none. A [`Permit`] gives its place back when it is dropped, after a panic too. Nobody is
/// promised a turn: who comes at the right moment may overtake a thread that is just waking up.
///
/// ```
/// use threads::{Deadline, Semaphore};
///
/// let tables = Semaphore::new(2);
/// let (ann, bob) = (tables.acquire(), tables.try_acquire());
/// assert!(bob.is_some() && tables.try_acquire().is_none());
/// drop(ann);
/// assert_eq!(tables.value(), 1);
/// assert!(tables.acquire_until(Deadline::Now).is_some());
/// ```
#[derive(Debug)]
pub struct Semaphore {
    value: Monitor<usize>,
    limit: usize,
}

impl Semaphore {
    /// `value` places. [`Semaphore::release`] may make more of them, which is the way to count
    /// things that others produce (`threading.Semaphore`).
    pub fn new(value: usize) -> Self {
        Self { value: Monitor::new(value), limit: usize::MAX }
    }

    /// `value` places, and never more: to release one that nobody took is a mistake, and told
    /// (`threading.BoundedSemaphore`).
    pub fn bounded(value: usize) -> Self {
        Self { value: Monitor::new(value), limit: value }
    }

    /// Takes a place, waits for one as long as it takes (`acquire()`, sem_wait(3)).
    pub fn acquire(&self) -> Permit<'_> {
        loop {
            // `Never` always ends with a place.
            if let Some(permit) = self.acquire_until(Deadline::Never) {
                return permit;
            }
        }
    }

    /// Takes a place if there is one (`acquire(blocking=False)`, sem_trywait(3)).
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        self.acquire_until(Deadline::Now)
    }

    /// Takes a place, `None` when the deadline has passed first (`acquire(timeout=…)`,
    /// sem_timedwait(3)).
    pub fn acquire_until(&self, deadline: Deadline) -> Option<Permit<'_>> {
        let mut value = self.value.wait(deadline, |value| *value > 0)?;
        *value -= 1;
        Some(Permit(self))
    }

    /// Adds a place without having taken one, or gives back one whose [`Permit`] was forgotten
    /// (`release()`, sem_post(3)).
    ///
    /// # Errors
    /// EOVERFLOW: beyond what the semaphore started with, if it is bounded, and beyond
    /// `usize::MAX` otherwise. The value stays as it is. CPython raises `ValueError`.
    pub fn release(&self) -> Result<(), TooManyReleases> {
        let limit = self.limit;
        self.value.change_one(|value| {
            if *value == limit {
                return Err(TooManyReleases { limit });
            }
            *value += 1;
            Ok(())
        })
    }

    /// Places that are free now (sem_getvalue(3)). Old by the time it is looked at.
    pub fn value(&self) -> usize {
        *self.value.lock()
    }
}

/// A place taken. Dropping it gives it back.
#[derive(Debug)]
#[must_use = "a permit that is not kept is given back at once"]
pub struct Permit<'a>(&'a Semaphore);

impl Permit<'_> {
    /// Keeps the place taken for good, or until somebody calls [`Semaphore::release`]: the thread
    /// that gives back may be another one.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // It fails only when somebody else has released a place that was ours. They would have
        // been told if we had been faster; the value is at its limit, where it belongs.
        let _ = self.0.release();
    }
}

/// A bounded semaphore was released more often than it was acquired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyReleases {
    /// The value that it cannot exceed.
    pub limit: usize,
}

impl TooManyReleases {
    /// EOVERFLOW, as sem_post(3) says it.
    pub fn errno(self) -> Errno {
        Errno::EOVERFLOW
    }
}

impl fmt::Display for TooManyReleases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the semaphore was released more often than acquired: its limit is {}",
            self.limit
        )
    }
}

impl std::error::Error for TooManyReleases {}
