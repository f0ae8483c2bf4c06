//! The end of a build server's jobs.

use nix::errno::Errno;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// How a child has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this exit status.
    Code(i32),
    /// By this signal.
    Signal(Signal),
}

/// Collects those of `ours` that have ended by now, removes them from `ours`, and says how each
/// has ended. Waits for nobody.
pub fn reap_all(ours: &mut Vec<Pid>) -> nix::Result<Vec<(Pid, Ended)>> {
    let mut ended = Vec::new();
    let mut failed = None;
    // Everyone is asked, each time: a SIGCHLD says that somebody has ended, never how many.
    ours.retain(|&pid| match how(pid) {
        Ok(None) => true,
        Ok(Some(end)) => {
            ended.push((pid, end));
            false
        }
        // One that cannot be asked must not cost the others their statuses: they are gone once
        // they have been collected.
        Err(error) => {
            failed = Some(error);
            true
        }
    });
    match failed {
        Some(error) if ended.is_empty() => Err(error),
        _ => Ok(ended),
    }
}

/// `None` while it runs.
fn how(pid: Pid) -> nix::Result<Option<Ended>> {
    loop {
        // By number: waitpid(-1) would take whoever has ended first, also somebody else's child.
        // WNOHANG: "not yet" is an answer, StillAlive, and neither an error nor an end.
        return match waitpid(pid, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(_, code)) => Ok(Some(Ended::Code(code))),
            Ok(WaitStatus::Signaled(_, signal, _)) => Ok(Some(Ended::Signal(signal))),
            // Without WUNTRACED and WCONTINUED nothing else is told than StillAlive.
            Ok(_) => Ok(None),
            Err(Errno::EINTR) => continue,
            Err(error) => Err(error),
        };
    }
}
