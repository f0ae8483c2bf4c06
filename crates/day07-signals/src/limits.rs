//! What can be handled, and when a handler runs. (The form without code of one's own in it:
//! `process::signals::Disposition`.)

use std::fmt::Write as _;
use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{SaFlags, Signal, kill};
use nix::unistd::getpid;

use crate::child::ask;
use crate::handler::{handle, ignore, runs};

pub(crate) fn run() -> Outcome {
    let told = ask(|| {
        let mut told = String::from("sigaction:");
        // Two that a process cannot refuse, so that there is always a way to get rid of it.
        for signal in [Signal::SIGKILL, Signal::SIGSTOP, Signal::SIGUSR1] {
            let done = handle(signal, SaFlags::empty()).map(drop);
            write!(told, " {signal} {done:?}")?;
        }
        // To oneself: it has been delivered when kill returns, unless it is blocked. "Asynchronous"
        // is the receiver's side of it: he cannot know between which two instructions it comes.
        kill(getpid(), Signal::SIGUSR1)?;
        let handled = runs();
        ignore(Signal::SIGUSR1)?;
        kill(getpid(), Signal::SIGUSR1)?;
        let ignored = runs() - handled;
        Ok(format!("{told}\n  SIGUSR1 sent: handled {handled} run, ignored {ignored} runs"))
    })?;
    writeln!(io::stdout(), "{told}")?;
    Ok(())
}
