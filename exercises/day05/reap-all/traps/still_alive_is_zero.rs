//! expect: was reported as ended
//! expect: and it is alive (state
//! expect: waitpid(2) with WNOHANG returns 0

use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, wait, waitpid};
use nix::unistd::Pid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Code(i32),
    Signal(Signal),
}

pub fn reap_all(ours: &mut Vec<Pid>) -> nix::Result<Vec<(Pid, Ended)>> {
    let mut ended = Vec::new();
    for pid in ours.drain(..) {
        ended.push((
            pid,
            match waitpid(pid, Some(WaitPidFlag::WNOHANG))? {
                WaitStatus::Exited(_, code) => Ended::Code(code),
                WaitStatus::Signaled(_, signal, _) => Ended::Signal(signal),
                _ => Ended::Code(0),
            },
        ));
    }
    Ok(ended)
}
