//! A car leaves.

use std::sync::atomic::{AtomicU32, Ordering};

use syscall::Result;

use crate::semaphore::Semaphore;

/// One release for each acquire. Nobody checks that: the semaphore does not know who has a place,
/// or that there are only two.
pub(crate) fn leave(inside: &AtomicU32, places: &Semaphore) -> Result<()> {
    inside.fetch_sub(1, Ordering::SeqCst);
    places.release()
}
