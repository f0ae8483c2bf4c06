//! What a process that waits looks like from outside.

use std::fs;

use cli::Outcome;
use process::Pid;
use process::procfs::{Stat, State};

/// Waits until it sleeps, and says in which call, where the kernel lets us know.
///
/// Nobody gets a message when somebody falls asleep, so we look. Whom a wake-up has reached is R
/// from that moment on and not from when it runs: after a `release` of ours, S is the answer of
/// those who were left asleep, or are asleep again.
pub(crate) fn asleep(pid: Pid) -> Outcome<String> {
    loop {
        match Stat::of(pid)?.state {
            State::Sleeping => {
                // The number of the call and its arguments; "running" when it has just gone on.
                // It may be denied, as for a debugger: then the letter has to do.
                let text = fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
                match text.split_whitespace().next().map(str::parse) {
                    None => return Ok("S".into()),
                    Some(Ok(libc::SYS_futex)) => return Ok("S in futex(2)".into()),
                    Some(Ok(libc::SYS_read | libc::SYS_recvfrom)) => return Ok("S in read".into()),
                    Some(Ok(other)) => return Ok(format!("S in call {other}")),
                    Some(Err(_)) => {}
                }
            }
            State::Zombie | State::Dead => return Err("a waiting process has ended".into()),
            _ => {}
        }
        std::thread::yield_now();
    }
}
