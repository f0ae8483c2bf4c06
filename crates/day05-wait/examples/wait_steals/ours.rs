//! A reaper that knows its own children.

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// Collects those of `ours` that have ended, and strikes them off. How many it has collected.
pub(crate) fn reap(ours: &mut Vec<Pid>) -> Outcome<usize> {
    let mut collected = 0;
    loop {
        // WRONG: without an id the kernel hands over any child of this process.
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(collected),
            Ok(status) => {
                ours.retain(|&pid| status.pid() != Some(pid));
                collected += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
}
