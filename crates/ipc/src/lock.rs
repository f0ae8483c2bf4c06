//! A lock that owns what it guards, between processes: `std::sync::Mutex` in shared memory, and
//! CPython's `multiprocessing.Lock` with an owner.
//!
//! std's own Mutex must not lie there: it sleeps on a private futex, so a waiter in another
//! process is never woken. This one is POSIX's robust mutex (see `mutex.rs`).

use std::marker::PhantomData;
use std::ptr::{NonNull, copy_nonoverlapping};
use std::sync::atomic::{AtomicBool, Ordering};

use syscall::Deadline;

use crate::error::{Error, Result};
use crate::guard::{Acquired, Guard};
use crate::memory::{Head, Place, Segment, item};
use crate::mutex::Robust;
use crate::plain::{Content, Plain};

// SAFETY: the mutex is process-shared, and the C library makes no difference between addresses.
unsafe impl Head for Robust {
    const NAME: &'static str = "lock 1";
}

/// Mutual exclusion between processes, and the data that are used by one of them at a time.
///
/// `Lock<()>` guards nothing of its own (a file, a terminal). A thread that locks twice gets
/// EDEADLK. A process that forks while it holds the lock still holds it alone: the guard that the
/// child has a copy of opens nothing, and must not be used there.
///
/// ```
/// # fn main() -> ipc::Result<()> {
/// let balance = ipc::Lock::new(100_i64)?;
/// *balance.lock()?.clean()? -= 30;
/// assert_eq!(*balance.lock()?.clean()?, 70);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Lock<T: ?Sized + Content> {
    segment: Segment<Robust>,
    /// Whether a thread of this process is inside.
    held: AtomicBool,
    data: PhantomData<fn() -> Box<T>>,
}

impl<T: Plain> Lock<T> {
    /// For this process and its children (`multiprocessing.Lock()`).
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new(value: T) -> Result<Self> {
        Self::make(Place::Anonymous, &[value])
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, value: T) -> Result<Self> {
        Self::make(Place::Named(name), &[value])
    }
}

impl<T: ?Sized + Content> Lock<T> {
    pub(crate) fn make(place: Place<'_>, values: &[T::Item]) -> Result<Self> {
        const { assert!(align_of::<T::Item>() <= 128, "more than a segment is aligned to") };
        let bytes = size_of_val(values);
        let segment = Segment::new(place, item::<T::Item>(), bytes, Robust::new(), |segment| {
            // SAFETY: `values` has so many bytes, the tail has as many, and nobody else has it.
            unsafe { copy_nonoverlapping(values.as_ptr().cast(), segment.tail().as_ptr(), bytes) };
            // SAFETY: it lies in the segment, which nobody else has seen yet.
            unsafe { segment.head().init() }
        })?;
        Ok(Self::over(segment))
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        let segment: Segment<Robust> = Segment::open(name, item::<T::Item>())?;
        let (size, len) = (size_of::<T::Item>(), segment.tail_len());
        let whole = T::COUNT.map_or(len.is_multiple_of(size.max(1)), |n| len == n * size);
        if whole { Ok(Self::over(segment)) } else { Err(Error::OtherLayout) }
    }

    fn over(segment: Segment<Robust>) -> Self {
        Self { segment, held: AtomicBool::new(false), data: PhantomData }
    }

    /// Waits for it as long as it takes (`acquire()`, pthread_mutex_lock(3p)).
    ///
    /// # Errors
    /// EDEADLK when this thread holds it.
    pub fn lock(&self) -> Result<Acquired<'_, T>> {
        self.lock_until(Deadline::Never)
    }

    /// Takes it if it is open (`acquire(block=False)`, pthread_mutex_trylock(3p)).
    ///
    /// # Errors
    /// [`Error::TimedOut`] when anybody holds it.
    pub fn try_lock(&self) -> Result<Acquired<'_, T>> {
        self.lock_until(Deadline::Now)
    }

    /// Waits until the deadline (`acquire(timeout=…)`, pthread_mutex_clocklock(3p)).
    ///
    /// # Errors
    /// [`Error::TimedOut`]; EDEADLK when this thread holds it.
    pub fn lock_until(&self, deadline: Deadline) -> Result<Acquired<'_, T>> {
        let doubt = self.segment.head().lock(deadline)?;
        self.held.store(true, Ordering::Relaxed);
        let guard = Guard::new(self);
        Ok(if doubt { Acquired::OwnerDied(guard) } else { Acquired::Clean(guard) })
    }

    /// The name, if this process has created it under one.
    pub fn name(&self) -> Option<&str> {
        self.segment.name()
    }

    pub(crate) fn count(&self) -> usize {
        let size = size_of::<T::Item>();
        T::COUNT.unwrap_or_else(|| self.segment.tail_len().checked_div(size).unwrap_or(0))
    }

    pub(crate) fn data(&self) -> NonNull<T> {
        T::at(self.segment.tail().cast(), self.count())
    }
}

/// What a guard does.
impl<T: ?Sized + Content> Lock<T> {
    pub(crate) fn mutex(&self) -> &Robust {
        self.segment.head()
    }

    /// Before the mutex is opened: after that another thread may be inside.
    pub(crate) fn leave(&self) {
        self.held.store(false, Ordering::Relaxed);
        self.mutex().unlock();
    }
}

impl<T: ?Sized + Content> Drop for Lock<T> {
    fn drop(&mut self) {
        // A guard was forgotten (mem::forget). Its thread has the mutex in the list that the C
        // library and the kernel walk through, so the memory has to stay.
        if *self.held.get_mut() {
            self.segment.leak();
        }
    }
}
