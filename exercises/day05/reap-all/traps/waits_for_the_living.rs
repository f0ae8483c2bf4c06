//! expect: the time limit of 10 s is over
//! expect: asleep in wait4(
//! expect: at src/lib.rs:
//! expect: asleep in read(

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
            match waitpid(pid, None)? {
                WaitStatus::Exited(_, code) => Ended::Code(code),
                WaitStatus::Signaled(_, signal, _) => Ended::Signal(signal),
                _ => unreachable!(),
            },
        ));
    }
    Ok(ended)
}
