//! expect: t5: an error stays in the child
//! expect: came back into the test: behind fork(2)

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
            writeln!(log, "child {} of {}: a = {a}", getpid(), getppid())?;
            let code = catch_unwind(AssertUnwindSafe(|| work(a))).unwrap_or(101);
            writeln!(log, "child {} of {}: a = {a}", getpid(), getppid())?;
            log.flush()?;
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
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
