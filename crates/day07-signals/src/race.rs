//! A signal that comes between the look and the sleep.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{SaFlags, Signal, kill};
use nix::unistd::{alarm, getpid};
use process::{Deadline, Exit};

use crate::child::{hear, start};
use crate::handler::{handle, tells};
use crate::wait::until_handled;

pub(crate) fn run() -> Outcome {
    let (mut child, line) = start(|line| {
        handle(Signal::SIGUSR1, SaFlags::empty())?;
        tells(line)?;
        // Nobody handles this one: whoever waits for ever is ended by it.
        alarm::set(3);
        // Exactly then. Who sends it does not matter, the moment does: in a program that runs
        // for months it will be hit.
        until_handled(|| kill(getpid(), Signal::SIGUSR1))?;
        Ok(())
    })?;
    // Said by the handler.
    let handled = hear(&line)?.is_some();
    let end = match child.join(Deadline::Never)? {
        Some(Exit::Code(0)) => "the wait has ended".into(),
        Some(exit) => format!("waits on, until it is ended by {exit}"),
        None => String::new(),
    };
    let mut out = io::stdout();
    writeln!(out, "SIGUSR1 comes between the look and the sleep: handled {handled}; {end}")?;
    Ok(())
}
