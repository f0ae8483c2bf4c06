//! expect: has ended and nobody has waited for it
//! expect: zombie (state Z)
//! expect: waitpid(2)

use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, wait, waitpid};
use nix::unistd::Pid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Code(i32),
    Signal(Signal),
}

/// "kill with no signal tells whether it is still there."
pub fn reap_all(ours: &mut Vec<Pid>) -> nix::Result<Vec<(Pid, Ended)>> {
    let mut ended = Vec::new();
    ours.retain(|&pid| {
        let dead = std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .map_or(true, |stat| stat.contains(") Z "));
        if dead {
            let code = waitid_code(pid);
            ended.push((pid, Ended::Code(code)));
        }
        !dead
    });
    Ok(ended)
}

fn waitid_code(pid: Pid) -> i32 {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    match nix::sys::wait::waitid(nix::sys::wait::Id::Pid(pid), flags) {
        Ok(WaitStatus::Exited(_, code)) => code,
        _ => -1,
    }
}
