//! Waiting until a signal has been handled.

use nix::unistd::pause;

use crate::handler::runs;

/// Returns when the handler has run. `gap` is what happens between the look and the sleep.
pub(crate) fn until_handled(mut gap: impl FnMut() -> nix::Result<()>) -> nix::Result<()> {
    while runs() == 0 {
        gap()?;
        // WRONG: the signal has come and was handled. This sleeps until the next one.
        pause();
    }
    Ok(())
}
