//! pause(2): sleeps until a handler has run.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{SaFlags, Signal, kill};
use nix::unistd;
use process::Deadline;
use process::procfs::{Stat, State};

use crate::child::{hear, start, succeeded, tell, until};
use crate::handler::{handle, ignore, runs};

pub(crate) fn run() -> Outcome {
    let (mut child, line) = start(|line| {
        handle(Signal::SIGUSR1, SaFlags::empty())?;
        ignore(Signal::SIGUSR2)?;
        tell(line, b'!')?;
        unistd::pause();
        // It has no other answer than EINTR, and it comes after the handler.
        tell(line, u8::try_from(runs())?)
    })?;
    hear(&line)?;
    until(child.pid(), State::Sleeping)?;
    // What is ignored wakes nobody. What ends the process ends it, and then nothing returns.
    kill(child.pid(), Signal::SIGUSR2)?;
    let (alive, state) = (child.is_alive()?, Stat::of(child.pid())?.state.letter());
    kill(child.pid(), Signal::SIGUSR1)?;
    let runs = hear(&line)?.unwrap_or(0);
    let ended = child.join(Deadline::Never)?.is_some();
    succeeded(child, "")?;

    let mut out = io::stdout();
    writeln!(out, "pause: SIGUSR2, ignored: alive {alive}, state {state}")?;
    writeln!(out, "  SIGUSR1, handled: {runs} run of the handler, then pause returned: {ended}")?;
    Ok(())
}
