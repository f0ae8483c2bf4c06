//! Tries out a change in a child, which has a memory of its own.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getpid, getppid};

/// A child that has ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Who it was.
    pub child: Pid,
    /// Its exit status: what `work` has returned, 101 after a panic, 1 when it could not write.
    pub code: i32,
}

/// Calls `work` with the `a` of a child and waits for its end. Both write to `log`, each line once.
/// An error when a signal has ended the child, or a call has failed.
pub fn trial(
    a: &mut i32,
    log: &mut impl Write,
    work: impl FnOnce(&mut i32) -> i32,
) -> io::Result<Trial> {
    writeln!(log, "process {}: a = {a}, before fork", getpid())?;
    // A buffer is memory, and memory is copied: what waits in it now would be written by both.
    log.flush()?;
    // SAFETY: the callers have one thread, so no lock is held by a thread that the child does not
    // have: the child may do whatever its parent may.
    match unsafe { fork() }? {
        ForkResult::Child => {
            // Behind fork the same code goes on in two processes. This one must not get back into
            // the code of its caller, neither by a return nor by a panic on its way out.
            let end = catch_unwind(AssertUnwindSafe(|| in_the_child(a, log, work)));
            let code = match end {
                Ok(Ok(code)) => code,
                Ok(Err(_)) => 1,
                Err(_) => 101,
            };
            // Not exit(3): that would write what the caller has printed and not flushed, which is
            // in this copy of the memory, too, and run the caller's exit handlers.
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            let code = wait_for(child)?;
            // Our `a` has never changed: that of the child was another one at the same address.
            writeln!(log, "process {}: a = {a}, child {child} has ended with {code}", getpid())?;
            Ok(Trial { child, code })
        }
    }
}

fn in_the_child(
    a: &mut i32,
    log: &mut impl Write,
    work: impl FnOnce(&mut i32) -> i32,
) -> io::Result<i32> {
    // Asked for here: who has asked before the fork knows the pid of the parent.
    let (me, parent) = (getpid(), getppid());
    writeln!(log, "child {me} of {parent}: a = {a}")?;
    let code = work(a);
    writeln!(log, "child {me} of {parent}: a = {a}")?;
    // _exit writes nothing: what is in the buffer would be gone with this memory.
    log.flush()?;
    Ok(code)
}

/// Without this the child would stay in the process table as a zombie, with its status.
fn wait_for(child: Pid) -> io::Result<i32> {
    loop {
        match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, code)) => return Ok(code),
            Ok(end) => return Err(io::Error::other(format!("no exit status: {end:?}"))),
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
