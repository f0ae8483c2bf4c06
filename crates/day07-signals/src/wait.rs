//! Waiting until a signal has been handled.

use nix::sys::signal::{SigSet, SigmaskHow, Signal};

use crate::handler::runs;

/// Returns when the handler has run. `gap` is what happens between the look and the sleep.
pub(crate) fn until_handled(mut gap: impl FnMut() -> nix::Result<()>) -> nix::Result<()> {
    // Held back while we look: one that comes now stays pending and is not lost.
    let before = SigSet::from(Signal::SIGUSR1).thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    while runs() == 0 {
        gap()?;
        // sigsuspend(2) lets it through and sleeps in one step: there is nothing in between.
        // `process::signals::Masked::suspend` is this.
        before.suspend()?;
    }
    before.thread_set_mask()
}
