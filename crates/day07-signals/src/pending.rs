//! A standard signal is a flag, no counter: what is pending cannot become more pending.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{SaFlags, SigSet, SigmaskHow, Signal, kill};
use nix::unistd::getpid;

use crate::child::ask;
use crate::handler::{handle, runs};

pub(crate) fn run() -> Outcome {
    let told = ask(|| {
        handle(Signal::SIGUSR1, SaFlags::empty())?;
        let before = SigSet::from(Signal::SIGUSR1).thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        for _ in 0..5 {
            kill(getpid(), Signal::SIGUSR1)?;
        }
        let blocked = runs();
        // Delivered before this call returns.
        before.thread_set_mask()?;
        Ok(format!("while blocked {blocked} runs, afterwards {}", runs()))
    })?;
    writeln!(io::stdout(), "SIGUSR1 sent 5 times: {told}")?;
    Ok(())
}
