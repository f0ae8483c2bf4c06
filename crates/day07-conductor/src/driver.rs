//! 司机, the parent.

use std::io::Write;
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::sys::signal::Signal;
use nix::unistd::{getpgrp, getpid};
use process::{Child, Deadline, Exit};

use crate::inbox::Inbox;
use crate::keys::NOT_THE_DRIVERS;

pub(crate) fn work(mut conductor: Child, out: &mut dyn Write) -> Outcome {
    let mine = [Signal::SIGTSTP, Signal::SIGUSR1, Signal::SIGUSR2];
    let inbox = Inbox::open(&mine, NOT_THE_DRIVERS)?;
    let (me, group) = (getpid(), getpgrp());
    writeln!(out, "driver {me}, conductor {}, both in group {group}", conductor.pid())?;

    // A child is a descriptor too (a pidfd), readable when it has ended.
    while let Some(signal) = inbox.next(conductor.as_fd())? {
        match signal {
            Signal::SIGUSR1 => writeln!(out, "driver {me}: 老司机开车了")?,
            Signal::SIGUSR2 => writeln!(out, "driver {me}: 车速有点快，系好安全带")?,
            // Ctrl-Z: we have arrived. A second one finds a conductor who has left, or is about
            // to; that is no error.
            _ => conductor.signal(Signal::SIGUSR1)?,
        }
    }
    // Waited for, so that no zombie is left on the bus.
    match conductor.join(Deadline::Never)? {
        Some(Exit::Code(0)) => {
            writeln!(out, "driver {me}: the conductor has left with code 0, so do I")?;
            Ok(())
        }
        Some(exit) => Err(format!("the conductor has failed: {exit}").into()),
        None => Err("the conductor goes on".into()),
    }
}
