//! The signal by which the program is told of an event.

use nix::libc::{self, c_int};

/// WRONG: as long as one is pending, the next ones are the same one. A standard signal says that
/// something has happened, never how often.
pub(crate) fn signal() -> c_int {
    libc::SIGUSR1
}
