//! The end of a build server's jobs.

use nix::sys::signal::Signal;
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
    todo!()
}
