//! fork(2) under guard.
//!
//! Three things go wrong with the bare call in Rust, and none is left to the caller here:
//! - a process with threads leaves all but one of them behind, and the locks that they held stay
//!   locked for ever: it is refused;
//! - a child that returns or panics goes on in its parent's code, with the parent's destructors:
//!   this child runs one closure and leaves by _exit(2);
//! - what std's standard output still holds is copied, and printed twice: it is flushed before.

use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::fcntl::OFlag;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, getpid, pipe2, read};
use syscall::{Context as _, IntoErrno as _, retry};

use crate::child::Child;
use crate::error::{Error, Result};
use crate::exit::PANICKED;
use crate::pidfd::PidFd;
use crate::procfs;

/// Makes a child that runs `work` and ends with its result as the exit code (the low 8 bits).
///
/// A panic ends the child with code 101, after its message; where panics abort, by SIGABRT. Either
/// way the child never comes back into the code of its caller, and nothing of the parent's is
/// dropped in it, except what `work` has captured. That is dropped in *both* processes: let it
/// hold no scratch directory that its destructor deletes.
///
/// Standard output is flushed before the fork and at the child's end, after a panic too. When the
/// flush before fails because the reader has gone, this is passed over: then nothing can be
/// printed twice. std's standard error is not buffered. What std's standard input has read ahead
/// is copied: let one of the two read on, not both.
///
/// Source: fork(2), _exit(2), CPython `multiprocessing.popen_fork`, which forks in spite of
/// threads (and warns about it since 3.12).
///
/// # Errors
/// [`Error::Threads`] when this process has more than one thread; EAGAIN (too many processes,
/// RLIMIT_NPROC), ENOMEM; EMFILE and ENFILE (no descriptor for the child, which was killed again,
/// but may have begun); ENOENT without /proc; ENOSPC and others when flushing fails.
pub fn fork(work: impl FnOnce() -> i32) -> Result<Child> {
    must_be_alone()?;
    flush_before()?;
    // Where the kernel reaps by itself, a child could be gone, and its number with it, before we
    // have a descriptor for it: such a child waits at a gate until we have one.
    let gate = if reaps_itself()? { Some(pipe2(OFlag::O_CLOEXEC).call("pipe2")?) } else { None };
    // SAFETY: this process has one thread, so that no lock is held by anybody who is not copied,
    // and the child may call whatever the parent may.
    match unsafe { nix::unistd::fork() }.call("fork")? {
        ForkResult::Child => run(work, gate),
        ForkResult::Parent { child } => match PidFd::open(child) {
            Ok(fd) => Ok(Child::new(child, fd)),
            Err(error) => {
                // It was not waited for, or stands at the gate: the number is still its own.
                let _ = kill(child, Signal::SIGKILL);
                let _ = retry(|| waitpid(child, None));
                Err(error.into())
            }
        },
    }
}

/// All that a child ever does.
fn run(work: impl FnOnce() -> i32, gate: Option<(OwnedFd, OwnedFd)>) -> ! {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        if let Some((reader, writer)) = gate {
            drop(writer);
            // The parent's end of the pipe closes when it is ready, or dead.
            let _ = retry(|| read(&reader, &mut [0]));
        }
        work()
    }));
    let code = outcome.unwrap_or_else(|payload| {
        // Its destructor may panic again, and the memory goes with the process.
        std::mem::forget(payload);
        PANICKED
    });
    // The last chance for what was printed without a newline; _exit throws the rest away.
    let _ = catch_unwind(|| io::stdout().flush());
    // SAFETY: _exit(2) takes an integer and does not return.
    unsafe { libc::_exit(code) }
}

/// The usual case takes one call: /proc/self/task has a link for each task beside its own two.
///
/// A thread that is joined may still be in the list for a moment. It has passed the point behind
/// which it runs no more code (PF_EXITING), so it holds nothing and is not counted.
fn must_be_alone() -> Result<()> {
    if nix::sys::stat::stat("/proc/self/task").is_ok_and(|folder| folder.st_nlink == 3) {
        return Ok(());
    }
    let tasks = procfs::tasks(getpid())?;
    let runs = |&task: &Pid| procfs::Stat::of(task).is_ok_and(|stat| !stat.is_exiting());
    match tasks.iter().filter(|task| runs(task)).count() {
        0 | 1 => Ok(()),
        running => Err(Error::Threads(running)),
    }
}

fn flush_before() -> Result<()> {
    match io::stdout().flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(syscall::Error::new("write", error.into_errno()).on("standard output").into())
        }
        _ => Ok(()),
    }
}

/// Whether the kernel throws the status of a child away (wait(2), NOTES).
fn reaps_itself() -> Result<bool> {
    // SAFETY: a sigaction consists of integers and an optional pointer: zeros are a value of it.
    let mut now: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: the null pointer changes nothing; the answer goes to memory of our own.
    let done = unsafe { libc::sigaction(libc::SIGCHLD, std::ptr::null(), &raw mut now) };
    nix::errno::Errno::result(done).call("sigaction")?;
    Ok(now.sa_sigaction == libc::SIG_IGN || now.sa_flags & libc::SA_NOCLDWAIT != 0)
}
