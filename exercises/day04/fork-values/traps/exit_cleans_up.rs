//! expect: what the caller has printed once came out twice
//! expect: _exit(2), NOTES

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
            std::process::exit(code)
        }
        ForkResult::Parent { child } => {
            let WaitStatus::Exited(_, code) = waitpid(child, None)? else {
                return Err(io::ErrorKind::Other.into());
            };
            writeln!(log, "process {}: a = {a}, child {child} has ended with {code}", getpid())?;
            Ok(Trial { child, code })
        }
    }
}
