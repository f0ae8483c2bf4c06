//! expect: is not yours, and its status is gone
//! expect: gets ECHILD

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
    loop {
        let (pid, end) = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) => (pid, Ended::Code(code)),
            Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, Ended::Signal(signal)),
            _ => return Ok(ended),
        };
        if ours.contains(&pid) {
            ours.retain(|&one| one != pid);
            ended.push((pid, end));
        }
    }
}
