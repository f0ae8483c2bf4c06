//! expect: it never called exit, so it has no exit status
//! expect: SIGKILL

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
    ours.retain(|&pid| match waitpid(pid, Some(WaitPidFlag::WNOHANG)) {
        Ok(WaitStatus::StillAlive) => true,
        Ok(WaitStatus::Exited(_, code)) => {
            ended.push((pid, Ended::Code(code)));
            false
        }
        _ => {
            ended.push((pid, Ended::Code(0)));
            false
        }
    });
    Ok(ended)
}
