//! A bank whose accounts have a lock each.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// In Python the lock and the data are two variables, and nothing but care ties them together.
/// Here the data is inside: without the lock the compiler refuses, with a `static mut` as well.
pub(crate) struct Bank(Vec<Mutex<i64>>);

impl Bank {
    pub(crate) fn new(balances: &[i64]) -> Self {
        Self(balances.iter().copied().map(Mutex::new).collect())
    }

    /// Moves the money if it is there. Nobody ever sees it on neither account, or on both.
    pub(crate) fn transfer(&self, from: usize, to: usize, amount: i64) -> bool {
        if from == to {
            // A lock that is taken twice by the same thread waits for itself.
            return false;
        }
        // The order of the locks is that of the transfer: two transfers in opposite directions
        // each hold what the other one needs.
        let (first, second) = (from, to);
        let (mut one, mut other) = (self.lock(first), self.lock(second));
        let (source, target) =
            if first == from { (&mut *one, &mut *other) } else { (&mut *other, &mut *one) };
        if *source < amount {
            return false;
        }
        *source -= amount;
        *target += amount;
        true
        // Here the guards go out of scope: that is the unlock, on every way out.
    }

    /// The sum of one moment: all locks are held, taken in the same order as ever. Adding up one
    /// account after the other would miss money that is moved meanwhile.
    pub(crate) fn sum(&self) -> i64 {
        let all: Vec<MutexGuard<i64>> = (0..self.0.len()).map(|n| self.lock(n)).collect();
        all.iter().map(|balance| **balance).sum()
    }

    /// The balance, unless somebody holds its lock: try_lock never waits.
    pub(crate) fn peek(&self, number: usize) -> Option<i64> {
        Some(*self.0[number].try_lock().ok()?)
    }

    /// Nothing panics between the two halves of a transfer, so a poisoned balance is right.
    fn lock(&self, number: usize) -> MutexGuard<'_, i64> {
        self.0[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
