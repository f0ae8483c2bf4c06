//! A lock, held.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::thread;

use crate::error::{Error, Result};
use crate::lock::Lock;
use crate::plain::Content;

/// A lock, held, and whether what it guards is whole.
#[derive(Debug)]
#[must_use = "a guard that is not kept opens the lock at once"]
pub enum Acquired<'a, T: ?Sized + Content> {
    /// The last owner has opened it.
    Clean(Guard<'a, T>),
    /// An owner was killed (EOWNERDEAD) or panicked inside: the data may be half changed. The note
    /// stays, for the next owners too, until [`Guard::repaired`].
    OwnerDied(Guard<'a, T>),
}

impl<'a, T: ?Sized + Content> Acquired<'a, T> {
    /// The data if they are whole.
    ///
    /// # Errors
    /// [`Error::OwnerDied`]; the lock is open again.
    pub fn clean(self) -> Result<Guard<'a, T>> {
        match self {
            Self::Clean(guard) => Ok(guard),
            Self::OwnerDied(_) => Err(Error::OwnerDied),
        }
    }

    /// The data in any case.
    pub fn guard(self) -> Guard<'a, T> {
        let (Self::Clean(guard) | Self::OwnerDied(guard)) = self;
        guard
    }
}

/// The data, while this thread holds the lock. Dropping it opens the lock.
///
/// After a panic in between the data count as half changed, as those of a std Mutex do. A guard is
/// its thread's: it cannot be sent to another one.
pub struct Guard<'a, T: ?Sized + Content> {
    lock: &'a Lock<T>,
    /// Whether the thread was panicking already: then it is not this change that was broken off.
    panicking: bool,
    /// Not Send: the mutex knows its owner, the thread.
    here: PhantomData<*mut ()>,
}

impl<'a, T: ?Sized + Content> Guard<'a, T> {
    /// The lock is held by this thread.
    pub(crate) fn new(lock: &'a Lock<T>) -> Self {
        Self { lock, panicking: thread::panicking(), here: PhantomData }
    }

    /// The data are whole again: takes the note away that [`Acquired::OwnerDied`] gave.
    pub fn repaired(&mut self) {
        self.lock.mutex().set_doubt(false);
    }
}

impl<T: ?Sized + Content> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: all bytes are values of it, and while this thread holds the lock nobody else
        // uses them.
        unsafe { self.lock.data().as_ref() }
    }
}

impl<T: ?Sized + Content> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and this thread has one guard.
        unsafe { self.lock.data().as_mut() }
    }
}

impl<T: ?Sized + Content + fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + Content> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() && !self.panicking && self.lock.mutex().is_ours() {
            self.lock.mutex().set_doubt(true);
        }
        self.lock.leave();
    }
}
