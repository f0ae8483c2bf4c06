//! An orphan: the parent ends first.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getpid, getppid};

use crate::child::{hear, start, tell};

pub(crate) fn run() -> Outcome {
    // The notes say that the system adopts an orphan, as process 1. On Linux it goes to the
    // nearest ancestor that has declared itself a child subreaper: a service manager, the first
    // process of a container, or, from this line on, this program.
    set_child_subreaper(true)?;
    let (parent, line) = start(|line| {
        let to_lesson = &line;
        let Ok((_, _line)) = start(|from_parent| {
            let _ = say(to_lesson, &[getpid(), getppid()]);
            // The end of this line means that the parent is ending.
            hear(&from_parent);
            hear(to_lesson);
            let _ = say(to_lesson, &[getppid()]);
            7
        }) else {
            return 1;
        };
        // The parent stays until the child has told who its parent is, and leaves without it.
        hear(to_lesson);
        0
    })?;
    let [orphan, first] = said(&line)?;
    tell(&line)?;
    let end = waitpid(parent, None)?;
    tell(&line)?;
    let [then] = said(&line)?;
    // We have never started this process and may wait for it: it is our child now. Whoever
    // adopts has to collect.
    let collected = waitpid(orphan, None)?;
    set_child_subreaper(false)?;

    let mut out = io::stdout();
    let name = |pid| match pid {
        pid if pid == parent => "the child that started it",
        pid if pid == getpid() => "this program",
        _ => "somebody else",
    };
    writeln!(out, "orphan: its parent is {}", name(first))?;
    writeln!(out, "  that one ends: {end:?}; now its parent is {}", name(then))?;
    writeln!(out, "  and this program can collect it: {collected:?}")?;
    Ok(())
}

/// Process ids over a line. There are two ends of one program: the machine's own order will do.
pub(crate) fn say(mut line: &UnixStream, pids: &[Pid]) -> io::Result<()> {
    let bytes: Vec<u8> = pids.iter().flat_map(|pid| pid.as_raw().to_ne_bytes()).collect();
    line.write_all(&bytes)
}

pub(crate) fn said<const N: usize>(mut line: &UnixStream) -> io::Result<[Pid; N]> {
    let mut pids = [Pid::from_raw(0); N];
    for pid in &mut pids {
        let mut bytes = [0; 4];
        line.read_exact(&mut bytes)?;
        *pid = Pid::from_raw(i32::from_ne_bytes(bytes));
    }
    Ok(pids)
}
