//! The end of a pool.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::crew::Crew;
use crate::error::Result;

/// A pool that takes no more tasks.
#[must_use = "dropping it kills the workers: join waits for the tasks"]
pub struct Closed(Rc<RefCell<Crew>>);

impl Closed {
    pub(super) fn new(crew: Rc<RefCell<Crew>>) -> Self {
        Self(crew)
    }

    /// Waits until all tasks are done and all workers have gone (`join`).
    ///
    /// # Errors
    /// As [`super::Pool::turn`].
    pub fn join(self) -> Result<()> {
        self.0.borrow_mut().finish()
    }

    /// [`super::Pool::terminate`] for those who have lost their patience.
    pub fn terminate(self) -> Self {
        self.0.borrow_mut().terminate();
        self
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.borrow_mut().abandon();
    }
}

impl fmt::Debug for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closed").field("workers", &self.0.borrow().pids()).finish_non_exhaustive()
    }
}
