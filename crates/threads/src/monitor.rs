//! A state, its lock, and the sleep until the state is right: a monitor in the sense of Mesa
//! (Lampson and Redell 1980). Whoever is woken looks again, because another thread may have been
//! faster and because pthread_cond_wait(3p) may come back for no reason at all.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use syscall::Deadline;

#[derive(Debug, Default)]
pub(crate) struct Monitor<T> {
    state: Mutex<T>,
    changed: Condvar,
}

impl<T> Monitor<T> {
    pub(crate) fn new(state: T) -> Self {
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// No foreign code runs under this lock, so a poisoned state is a whole one all the same.
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes one of those who wait: enough where any of them will do.
    pub(crate) fn change_one<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.lock());
        self.changed.notify_one();
        result
    }

    /// Changes the state and wakes all who wait.
    pub(crate) fn change_all<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// Waits until `ready` holds, and gives the state, still locked; `None` when the deadline has
    /// passed first. A state that is right is never refused for lack of time.
    pub(crate) fn wait(
        &self,
        deadline: Deadline,
        ready: impl Fn(&T) -> bool,
    ) -> Option<MutexGuard<'_, T>> {
        self.wait_from(self.lock(), deadline, ready)
    }

    /// The same for somebody who has already looked.
    pub(crate) fn wait_from<'a>(
        &'a self,
        mut state: MutexGuard<'a, T>,
        deadline: Deadline,
        ready: impl Fn(&T) -> bool,
    ) -> Option<MutexGuard<'a, T>> {
        while !ready(&state) {
            state = match deadline.remaining() {
                Some(left) if left.is_zero() => return None,
                Some(left) => {
                    let woken = self.changed.wait_timeout(state, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
        Some(state)
    }
}
