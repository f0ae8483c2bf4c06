//! Waiting for something to become true that offers nothing to wait on, such as a state in /proc.

use std::time::{Duration, Instant};

/// How long anything in a test may take. A watchdog, not an expectation: a healthy test needs
/// milliseconds, and a machine with both cores busy must not make it fail.
pub const LIMIT: Duration = Duration::from_mins(1);

/// Looks again and again until `look` finds something. The processor is given away between two
/// looks, so that the task that is waited for can run.
///
/// # Panics
/// When nothing was found within [`LIMIT`]: `what` says what was hoped for.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "this never happened: {what}");
        std::thread::yield_now();
    }
}
