//! fork and waitpid as they are, for the baselines. The bench has no threads.

use cli::Outcome;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid};
use syscall::{Context as _, retry};

/// Runs `work` in a child, which ends without coming back.
pub(crate) fn fork(work: impl FnOnce()) -> Outcome<Pid> {
    // SAFETY: this program starts no thread, so the child is a whole copy; it leaves by _exit.
    match unsafe { nix::unistd::fork() }.call("fork")? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            work();
            // SAFETY: _exit(2) takes an integer and does not return.
            unsafe { libc::_exit(0) }
        }
    }
}

/// Waits for that child, which must end with 0.
pub(crate) fn wait(child: Pid) -> Outcome {
    match retry(|| waitpid(child, None)).call("waitpid")? {
        WaitStatus::Exited(_, 0) => Ok(()),
        other => Err(format!("a child ended otherwise: {other:?}").into()),
    }
}
