//! The ride: this process becomes the driver and makes the conductor.

use std::io::{self, Write};

use cli::Outcome;
use nix::unistd::getpid;
use process::fork;

use crate::{conductor, driver, inbox};

/// Returns when both have left, the conductor first.
pub(crate) fn ride(out: &mut dyn Write) -> Outcome {
    // In this order: held back first, then two processes.
    inbox::hold_back()?;
    let me = getpid();
    // Nothing is ever written to it: the driver holds the writing end as long as he lives.
    let (alive, held) = io::pipe()?;
    let mut held = Some(held);
    let conductor = fork(|| {
        drop(held.take());
        match conductor::work(me, &alive, out) {
            Ok(()) => 0,
            // The driver will find out by himself that nobody reads any more.
            Err(error) => i32::from(!is_broken_pipe(error.as_ref())),
        }
    })?;
    drop(alive);
    driver::work(conductor, out)
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}
