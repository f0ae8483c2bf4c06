//! A reaper that knows its own children.

use cli::Outcome;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// Collects those of `ours` that have ended, and strikes them off. How many it has collected.
pub(crate) fn reap(ours: &mut Vec<Pid>) -> Outcome<usize> {
    let before = ours.len();
    let mut failed = None;
    ours.retain(|&pid| match waitpid(pid, Some(WaitPidFlag::WNOHANG)) {
        Ok(status) => status == WaitStatus::StillAlive,
        Err(error) => {
            failed = Some(error);
            true
        }
    });
    failed.map_or(Ok(before - ours.len()), |error| Err(error.into()))
}
