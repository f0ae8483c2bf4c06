//! Whoever needs its children's ends says so.

use cli::Outcome;
use nix::sys::signal::{SigHandler, Signal, signal};

/// A program may have been started with SIGCHLD ignored. Then the kernel throws the statuses away,
/// and each wait, std's too, fails with ECHILD. The default does as little, and keeps them.
pub(crate) fn default() -> Outcome {
    // SAFETY: no handler is installed; the default calls none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    Ok(())
}
