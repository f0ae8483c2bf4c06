//! A child that does one thing and leaves.

use std::io::{self, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// A program may have been started with SIGCHLD ignored: then the kernel throws the ends of its
/// children away, and each wait fails with ECHILD. The default keeps them.
pub(crate) fn keep_statuses() -> Outcome {
    // SAFETY: no handler is installed; the default calls none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    Ok(())
}

/// Forks. Only the parent returns from here, with the pid of the child.
pub(crate) fn start(work: impl FnOnce() -> Outcome) -> Outcome<Pid> {
    keep_statuses()?;
    // SAFETY: this process has one thread, so no lock can be held by a thread that the child does
    // not have: the child may do whatever its parent may.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            // The child must not return into its parent's code, and must not unwind into it.
            let code = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(Ok(())) => 0,
                Ok(Err(_)) => 1,
                Err(_) => 101,
            };
            // _exit and not exit: buffers and clean-up are the parent's business.
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
        }
    }
}

/// Waits for this child and for no other, and fails when it did.
pub(crate) fn reap(child: Pid) -> Outcome {
    loop {
        match waitpid(child, None) {
            Err(Errno::EINTR) => {}
            Ok(WaitStatus::Exited(_, 0)) => return Ok(()),
            end => return Err(format!("the child failed: {end:?}").into()),
        }
    }
}

/// Forks, and gives what the child has to say. It is said through a pipe: there is no other
/// memory that the two have in common.
pub(crate) fn ask(work: impl FnOnce() -> Outcome<String>) -> Outcome<String> {
    let (mut reader, mut writer) = io::pipe()?;
    let child = start(|| Ok(writer.write_all(work()?.as_bytes())?))?;
    // Our copy of the writing end would keep us waiting: the end comes when all copies are closed.
    drop(writer);
    let mut told = String::new();
    let read = reader.read_to_string(&mut told);
    reap(child)?;
    read?;
    Ok(told)
}
