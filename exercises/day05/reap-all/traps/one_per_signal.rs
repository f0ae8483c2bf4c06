//! expect: are still zombies (state Z) after one call of reap_all
//! expect: SIGCHLD does not queue

use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, wait, waitpid};
use nix::unistd::Pid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Code(i32),
    Signal(Signal),
}

pub fn reap_all(ours: &mut Vec<Pid>) -> nix::Result<Vec<(Pid, Ended)>> {
    for index in 0..ours.len() {
        let pid = ours[index];
        let end = match waitpid(pid, Some(WaitPidFlag::WNOHANG))? {
            WaitStatus::Exited(_, code) => Ended::Code(code),
            WaitStatus::Signaled(_, signal, _) => Ended::Signal(signal),
            _ => continue,
        };
        ours.remove(index);
        return Ok(vec![(pid, end)]);
    }
    Ok(Vec::new())
}
