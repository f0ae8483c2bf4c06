//! kill(2) sends a signal, to one process or to a group. The name says only what most of them do.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, setpgid};
use process::procfs::State;
use process::{Child, Deadline};

use crate::child::{hear, start, succeeded, tell, until};

pub(crate) fn run() -> Outcome {
    // No signal at all: kill only looks whether it could send one.
    let (child, line) = start(|line| hear(line).map(drop))?;
    let pid = child.pid();
    let running = kill(pid, None);
    tell(&line, b'!')?;
    until(pid, State::Zombie)?;
    let zombie = kill(pid, None);
    succeeded(child, "")?;
    // From here on the number may be given to somebody else: who sends signals to numbers that he
    // does not wait for may hit a stranger. `process::Child` holds a pidfd instead.
    let gone = kill(pid, None);

    // A negative number is a group: all that a shell has started for one command line.
    let sit = || start(|line| hear(line).map(drop));
    let (first, _line) = sit()?;
    let (second, _line) = sit()?;
    let (outside, outside_line) = sit()?;
    let leader = first.pid();
    setpgid(leader, leader)?;
    setpgid(second.pid(), leader)?;
    // killpg is the same with its own name. 0 is the own group, and -1 is everybody whom we may
    // send something: two good reasons to look at the number before.
    kill(Pid::from_raw(-leader.as_raw()), Signal::SIGTERM)?;
    let ends = [end(first)?, end(second)?];
    tell(&outside_line, b'!')?;
    let third = end(outside)?;

    let mut out = io::stdout();
    writeln!(out, "kill(pid, nothing): running {running:?}, zombie {zombie:?}, reaped {gone:?}")?;
    writeln!(out, "kill(-group, SIGTERM): {}; outside of it: {third}", ends.join(" and "))?;
    Ok(())
}

fn end(mut child: Child) -> Outcome<String> {
    Ok(child.join(Deadline::Never)?.map_or_else(String::new, |exit| exit.to_string()))
}
