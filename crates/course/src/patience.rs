//! A word to somebody who waits for a build, which is silent.

use std::io::{self, Write as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// So long nobody wonders. NINE_DAYS_SILENCE, when it is set, is another number of seconds; it is
/// for the tests of this crate.
fn silence() -> Duration {
    let set = std::env::var("NINE_DAYS_SILENCE").ok();
    Duration::from_secs(set.and_then(|seconds| seconds.parse().ok()).unwrap_or(3))
}

/// Does it, and says what it is that takes so long: `building NAME`.
pub(crate) fn patiently<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, waiting) = channel::<()>();
    thread::scope(|scope| {
        // Here, so that it is dropped, and ends the waiting, whatever `work` does.
        let done = done;
        scope.spawn(move || {
            if waiting.recv_timeout(silence()) == Err(RecvTimeoutError::Timeout) {
                let words = format!("course: {what}; the first time this takes a minute or two");
                // When standard error is gone, nobody wonders.
                let _ = writeln!(io::stderr(), "{words}");
            }
        });
        let result = work();
        drop(done);
        result
    })
}
