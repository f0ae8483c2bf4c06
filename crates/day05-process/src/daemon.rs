//! Who goes on when the parent ends, and who does not.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use nix::sys::signal::{Signal, raise};
use process::orphan::Subreaper;
use process::{Child, Deadline, Exit, Pid, Process};

use crate::joins::stay;
use crate::steps::shown;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "daemons:")?;
    // Orphans come to this program, so that it can tell what has become of them.
    let _adopter = Subreaper::new()?;

    // The notes: with daemon = True the child ends with its parent, else it does not care. Python
    // keeps neither promise: its parent *waits* at its normal end for every child that is no
    // daemon, and its daemons are only ended by a normal end, not when the parent is killed.
    // Linux can do it: the kernel itself sends the signal (PR_SET_PDEATHSIG), whatever happens.
    for (how, kill) in [("returns", false), ("is killed", true)] {
        for daemon in [false, true] {
            let (parent, mut child) = orphan(daemon, kill)?;
            let early = child.join(if daemon { Deadline::Never } else { Deadline::Now })?;
            let end = early.map_or_else(|| "goes on".into(), |exit| exit.to_string());
            writeln!(out, "  the parent {how} ({parent}); its child, daemon {daemon}: {end}")?;
            // Dropping the handle ends and reaps a child that goes on.
        }
    }

    // What happens to a child depends on its handle as well. A handle that is dropped kills and
    // reaps: no zombie stays, and no process that nobody can wait for. Above it was `leave` that
    // let the child go on.
    let mut process = Process::new(stay).daemon(true).start()?;
    // The notes forbid to join a daemon. It is allowed, and often needed: whoever has given it
    // work wants to know whether it is done.
    let early = process.join(Deadline::after_millis(100))?;
    process.terminate()?;
    let end = process.join(Deadline::Never)?;
    writeln!(out, "  a daemon joined: after 100 ms {}, then {}", shown(early), shown(end))?;
    Ok(())
}

/// A parent that starts a child and ends: how it has ended, and the child, which is ours now.
fn orphan(daemon: bool, kill: bool) -> Outcome<(Exit, Child)> {
    let (mut reader, mut writer) = io::pipe()?;
    let middle = move || {
        let Ok(child) = Process::new(stay).daemon(daemon).start() else { return 1 };
        // Given up, not dropped: it may go on without us.
        let told = write!(writer, "{}", child.into_child().leave());
        if kill {
            let _ = raise(Signal::SIGKILL);
        }
        i32::from(told.is_err())
    };
    let mut parent = Process::new(middle).start()?;
    let exit = parent.join(Deadline::Never)?.ok_or("it was joined")?;
    let mut pid = [0; 16];
    let length = reader.read(&mut pid)?;
    let pid = std::str::from_utf8(&pid[..length])?.parse()?;
    Ok((exit, Child::adopt(Pid::from_raw(pid))?))
}
