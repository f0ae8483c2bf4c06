//! A print server that is told of new jobs by SIGUSR1.

use std::os::fd::BorrowedFd;

use nix::unistd::Pid;

/// From now on SIGUSR1 is counted, in whatever thread and at whatever moment it comes.
pub fn install() -> nix::Result<()> {
    todo!()
}

/// How often the handler has run.
pub fn count() -> usize {
    todo!()
}

/// Empties the spool if a SIGUSR1 has come since the last look: `next` takes one job out of it,
/// `None` when there is none. A signal that comes meanwhile is one for the next call.
pub fn take_all<J>(next: impl FnMut() -> Option<J>) -> Vec<J> {
    todo!()
}

/// read(2) that a signal does not end.
pub fn read(from: BorrowedFd<'_>, buffer: &mut [u8]) -> nix::Result<usize> {
    todo!()
}

/// Tells the server that there is a job. EINVAL when the number does not name one process.
pub fn notify(server: Pid) -> nix::Result<()> {
    todo!()
}
