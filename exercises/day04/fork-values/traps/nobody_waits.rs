//! expect: has ended and nobody has waited for it
//! expect: zombie (state Z)

use std::io::Read as _;
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
    // "The child tells its code by a pipe, so nothing else is needed."
    let (mut told, mut tell) = io::pipe()?;
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
            let _ = tell.write_all(&code.to_ne_bytes());
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            drop(tell);
            let mut bytes = [0; 4];
            told.read_exact(&mut bytes)?;
            let code = i32::from_ne_bytes(bytes);
            writeln!(log, "process {}: a = {a}, child {child} has ended with {code}", getpid())?;
            Ok(Trial { child, code })
        }
    }
}
