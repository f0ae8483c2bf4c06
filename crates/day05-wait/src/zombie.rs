//! A zombie: the child ends first, and nobody has asked for its status yet.

use std::fs;
use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;

use crate::child::{look, start, until_ended};

pub(crate) fn run() -> Outcome {
    let (pid, _line) = start(|_| 3)?;
    until_ended(pid)?;
    let state = |found: Option<_>| found.map_or('-', |(state, _)| state);
    let zombie = state(look(pid));
    // Its memory and its descriptors are gone. What is left is the id and the status.
    let memory = fs::read(format!("/proc/{pid}/cmdline"))?.len();
    // It is dead already: SIGKILL is taken without an error and changes nothing.
    let killed = kill(pid, Signal::SIGKILL);
    let still = state(look(pid));
    // Only its parent's wait ends it. A std::process::Child that is dropped is not waited for.
    let collected = waitpid(pid, None)?;
    let (gone, again) = (state(look(pid)), kill(pid, None));

    let mut out = io::stdout();
    writeln!(out, "zombie: state {zombie}, its command line has {memory} bytes")?;
    writeln!(out, "  SIGKILL: {killed:?}, state {still}")?;
    writeln!(out, "  waitpid: {collected:?}, then state {gone}, a signal to it: {again:?}")?;
    Ok(())
}
