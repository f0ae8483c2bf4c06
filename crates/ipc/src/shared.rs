//! Values that several processes read and write: CPython's `multiprocessing.Value` and `Array`.
//!
//! `value += 1` is three steps, in CPython too: `v.value += 1` without `v.get_lock()` loses
//! counts. Here each step takes the lock, and [`Shared::update`] is one step.
//!
//! When a process is killed in the middle of a change, the value is in doubt, and reading it is
//! [`crate::Error::OwnerDied`] until somebody says what it is: by [`Shared::set`], or through the lock.

use syscall::Deadline;

use crate::error::Result;
use crate::guard::{Acquired, Guard};
use crate::lock::Lock;
use crate::memory::Place;
use crate::plain::Plain;

/// One value and its lock (`multiprocessing.Value`).
///
/// ```
/// # fn main() -> ipc::Result<()> {
/// let counter = ipc::Shared::new(0_u64)?;
/// counter.update(|n| *n += 1)?;
/// assert_eq!(counter.get()?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Shared<T: Plain>(Lock<T>);

impl<T: Plain> Shared<T> {
    /// For this process and its children.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new(value: T) -> Result<Self> {
        Lock::new(value).map(Self)
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, value: T) -> Result<Self> {
        Lock::create_new(name, value).map(Self)
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Lock::open(name).map(Self)
    }

    /// A copy of the value.
    ///
    /// # Errors
    /// [`crate::Error::OwnerDied`] when it is in doubt; EDEADLK when this thread holds the lock.
    pub fn get(&self) -> Result<T> {
        Ok(*self.0.lock()?.clean()?)
    }

    /// Another value, and the doubt is over.
    ///
    /// # Errors
    /// EDEADLK when this thread holds the lock.
    pub fn set(&self, value: T) -> Result<()> {
        let mut guard = self.0.lock()?.guard();
        *guard = value;
        guard.repaired();
        Ok(())
    }

    /// Changes the value while nobody else can (`with v.get_lock(): v.value += 1`).
    ///
    /// # Errors
    /// As [`Shared::get`].
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R> {
        Ok(change(&mut *self.0.lock()?.clean()?))
    }

    /// The lock (`get_lock()`), for several steps that belong together.
    ///
    /// # Errors
    /// EDEADLK when this thread holds it.
    pub fn lock(&self) -> Result<Acquired<'_, T>> {
        self.0.lock()
    }

    /// The same under a deadline.
    ///
    /// # Errors
    /// [`crate::Error::TimedOut`], EDEADLK.
    pub fn lock_until(&self, deadline: Deadline) -> Result<Acquired<'_, T>> {
        self.0.lock_until(deadline)
    }
}

/// Values in a row, with one lock for all of them (`multiprocessing.Array`). Their number is fixed
/// and lies with them: who opens it by name is told.
///
/// An index out of range is `None`, and nothing is changed.
#[derive(Debug)]
pub struct SharedArray<T: Plain>(Lock<[T]>);

impl<T: Plain> SharedArray<T> {
    /// With these values, for this process and its children.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new(values: &[T]) -> Result<Self> {
        Self::make(Place::Anonymous, values)
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, values: &[T]) -> Result<Self> {
        Self::make(Place::Named(name), values)
    }

    fn make(place: Place<'_>, values: &[T]) -> Result<Self> {
        const { assert!(size_of::<T>() > 0, "values without a size cannot be counted") };
        Lock::make(place, values).map(Self)
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Lock::open(name).map(Self)
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.0.count()
    }

    /// True for none at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of one value.
    ///
    /// # Errors
    /// As [`Shared::get`].
    pub fn get(&self, index: usize) -> Result<Option<T>> {
        Ok(self.all()?.get(index).copied())
    }

    /// Another value; gives the one that was there.
    ///
    /// # Errors
    /// As [`Shared::get`]: one value of many does not end the doubt about the others.
    pub fn set(&self, index: usize, value: T) -> Result<Option<T>> {
        self.update(index, |old| std::mem::replace(old, value))
    }

    /// Changes one value while nobody else can.
    ///
    /// # Errors
    /// As [`Shared::get`].
    pub fn update<R>(&self, index: usize, change: impl FnOnce(&mut T) -> R) -> Result<Option<R>> {
        Ok(self.all()?.get_mut(index).map(change))
    }

    /// A copy of all values, as they were at one moment.
    ///
    /// # Errors
    /// As [`Shared::get`].
    pub fn to_vec(&self) -> Result<Vec<T>> {
        Ok(self.all()?.to_vec())
    }

    fn all(&self) -> Result<Guard<'_, [T]>> {
        self.0.lock()?.clean()
    }

    /// The lock (`get_lock()`); its guard is the slice.
    ///
    /// # Errors
    /// EDEADLK when this thread holds it.
    pub fn lock(&self) -> Result<Acquired<'_, [T]>> {
        self.0.lock()
    }

    /// The same under a deadline.
    ///
    /// # Errors
    /// [`crate::Error::TimedOut`], EDEADLK.
    pub fn lock_until(&self, deadline: Deadline) -> Result<Acquired<'_, [T]>> {
        self.0.lock_until(deadline)
    }
}
