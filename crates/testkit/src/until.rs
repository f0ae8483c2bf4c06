//! Waiting with a limit, for something to become true that offers nothing to wait on, such as a
//! state in /proc.

use std::io::Write as _;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::proc;

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

/// Runs something that may hang where no assertion can reach it, such as a thread that a scope
/// waits for. After [`LIMIT`] and a little more, so that assertions come first, the whole test
/// process is ended, and standard error says what each of its tasks was doing.
pub fn guarded<T>(work: impl FnOnce() -> T) -> T {
    let (done, ended) = channel::<()>();
    let name = thread::current().name().unwrap_or("a test").to_owned();
    thread::spawn(move || {
        if ended.recv_timeout(LIMIT + LIMIT / 4) == Err(RecvTimeoutError::Timeout) {
            let report = proc::report(std::process::id());
            let _ = writeln!(std::io::stderr(), "{name} hangs, and all tests with it:\n{report}");
            std::process::abort();
        }
    });
    let result = work();
    // Ends the watch, as does unwinding.
    drop(done);
    result
}
