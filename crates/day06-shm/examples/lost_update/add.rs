//! One more.

use std::sync::atomic::{AtomicU64, Ordering};

use cli::Outcome;

/// `meanwhile` is what others do at the moment when the kernel takes the processor away from us.
/// WRONG: that moment can lie between the load and the store, and whatever the others have added
/// is overwritten. Each of the two is atomic; the two together are not.
pub(crate) fn add(counter: &AtomicU64, meanwhile: impl FnOnce() -> Outcome) -> Outcome {
    let old = counter.load(Ordering::Relaxed);
    meanwhile()?;
    counter.store(old + 1, Ordering::Relaxed);
    Ok(())
}
