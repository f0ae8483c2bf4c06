//! expect: the child never came to its exit, so it has no exit status
//! expect: WIFSIGNALED

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    writeln!(log, "process {}: a = {a}, before fork", getpid())?;
    log.flush()?;
    // SAFETY: the callers have one thread, so the child may do whatever its parent may.
    match unsafe { fork() }? {
        ForkResult::Child => {
            let end = catch_unwind(AssertUnwindSafe(|| -> io::Result<i32> {
                writeln!(log, "child {} of {}: a = {a}", getpid(), getppid())?;
                let code = work(a);
                writeln!(log, "child {} of {}: a = {a}", getpid(), getppid())?;
                log.flush()?;
                Ok(code)
            }));
            let code = end.map_or(101, |done| done.unwrap_or(1));
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            let code = match waitpid(child, None)? {
                WaitStatus::Exited(_, code) => code,
                _ => 0,
            };
            writeln!(log, "process {}: a = {a}, child {child} has ended with {code}", getpid())?;
            Ok(Trial { child, code })
        }
    }
}
