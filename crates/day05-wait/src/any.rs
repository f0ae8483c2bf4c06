//! wait and waitpid(-1) take any child that has ended. Right as long as all children are ours.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, wait, waitpid};

use crate::child::{tell, until_ended, until_told};

pub(crate) fn run() -> Outcome {
    // wait blocks until somebody has ended, and tells who: in the order of their ends.
    let (slow, fast) = (until_told(1)?, until_told(2)?);
    tell(&fast.1)?;
    let first = wait()?;
    tell(&slow.1)?;
    let second = wait()?;
    let order = first == WaitStatus::Exited(fast.0, 2) && second == WaitStatus::Exited(slow.0, 1);

    // Asked for in another order, each status is still there: who has ended is remembered.
    let (third, fourth) = (until_told(3)?, until_told(4)?);
    tell(&fourth.1)?;
    until_ended(fourth.0)?;
    tell(&third.1)?;
    let waited = [waitpid(third.0, None)?, waitpid(fourth.0, None)?];
    let kept = waited == [WaitStatus::Exited(third.0, 3), WaitStatus::Exited(fourth.0, 4)];

    let (fifth, sixth) = (until_told(5)?, until_told(6)?);
    let mut rounds = vec![reap()?];
    tell(&fifth.1)?;
    until_ended(fifth.0)?;
    rounds.push(reap()?);
    tell(&sixth.1)?;
    until_ended(sixth.0)?;
    rounds.push(reap()?);

    let mut out = io::stdout();
    writeln!(out, "wait: the second child ends first and is reported first: {order}")?;
    writeln!(out, "waitpid: the second child ends first, the first is asked for first: {kept}")?;
    for (when, round) in ["two run", "one has ended", "both have"].into_iter().zip(rounds) {
        writeln!(out, "waitpid(-1, WNOHANG), {when:<13} {}", round.join(", "))?;
    }
    Ok(())
}

/// Collects everybody who has ended. One SIGCHLD may stand for several ends, so it is a loop,
/// and it has two ends of its own: nobody else has ended yet, or nobody is left at all.
fn reap() -> Outcome<Vec<String>> {
    let mut told = Vec::new();
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => told.push("StillAlive".into()),
            Ok(WaitStatus::Exited(_, code)) => {
                told.push(format!("exit {code}"));
                continue;
            }
            Ok(other) => {
                told.push(format!("{other:?}"));
                continue;
            }
            Err(Errno::ECHILD) => told.push("ECHILD".into()),
            Err(Errno::EINTR) => continue,
            Err(error) => return Err(error.into()),
        }
        return Ok(told);
    }
}
