//! One more.

use std::sync::atomic::{AtomicU64, Ordering};

use cli::Outcome;

/// `meanwhile` is what others do at the moment when the kernel takes the processor away from us.
/// That may be in front of the addition or behind it. It cannot be inside: for the processor,
/// fetch_add is one step.
pub(crate) fn add(counter: &AtomicU64, meanwhile: impl FnOnce() -> Outcome) -> Outcome {
    counter.fetch_add(1, Ordering::Relaxed);
    meanwhile()
}
