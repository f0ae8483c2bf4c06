//! The signal by which the program is told of an event.

use nix::libc::{self, c_int};

/// A real-time signal: each one that is sent is queued, with its value, in order. Which ones
/// there are is libc's to say: it keeps the first two for itself, so no number is written down
/// (`process::signals::Signal::real_time`).
pub(crate) fn signal() -> c_int {
    libc::SIGRTMIN()
}
