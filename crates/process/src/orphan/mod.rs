//! Processes that outlive their parent.
//!
//! An orphan is adopted by its nearest ancestor that is a child subreaper, else by process 1 of
//! its pid namespace (prctl(2), PR_SET_CHILD_SUBREAPER), and that one has to reap it.

mod daemon;
mod subreaper;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::fcntl::OFlag;
use nix::sys::signal::{Signal as Standard, kill};
use nix::unistd::{Pid, pipe2, read};
use syscall::{Context as _, Deadline, Errno, retry};

use crate::child::Child;
use crate::error::{Error, Result};
use crate::fork::fork;
use crate::pidfd::PidFd;
use crate::signals::Signal;

pub use daemon::Daemon;
pub use subreaper::Subreaper;

/// A process that we have made and that is not our child: somebody else reaps it.
///
/// As a descriptor it is readable once the process has ended. Dropping it does nothing to it.
#[derive(Debug)]
pub struct Orphan {
    pid: Pid,
    fd: PidFd,
}

impl Orphan {
    /// Its number, which may be somebody else's as soon as it has ended.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Waits until it has ended; false when the time is over first. How it ended is told to
    /// whoever reaps it.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn wait(&self, deadline: Deadline) -> Result<bool> {
        Ok(self.fd.wait(deadline)?)
    }

    /// Sends a signal to it and never to a stranger with its number. To one that has ended it is
    /// no error.
    ///
    /// # Errors
    /// EPERM when it has become another user's process.
    pub fn signal(&self, signal: impl Into<Signal>) -> Result<()> {
        Ok(self.fd.signal(signal.into().number())?)
    }
}

impl AsFd for Orphan {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Runs `work` in a grandchild whose parent, a child of ours, has ended and was waited for: no
/// zombie of ours can come of it, whatever happens to SIGCHLD. When `work` begins, it has been
/// adopted. As with [`fork()`], what `work` has captured is dropped here too.
///
/// # Errors
/// Those of [`fork()`], those of the second fork included; EPIPE when the process in the middle
/// was killed.
pub fn double_fork(work: impl FnOnce() -> i32) -> Result<Orphan> {
    detach(|_| Ok(()), work)
}

/// The calls that can fail in the middle, so that an error can cross a pipe as two integers.
const CALLS: [&str; 10] = [
    "fork",
    "pidfd_open",
    "pipe2",
    "sigaction",
    "open",
    "setsid",
    "chdir",
    "dup2",
    "close_range",
    "rt_sigprocmask",
];

/// `prepare` runs in the middle, with the two descriptors that it must not close.
fn detach(
    prepare: impl FnOnce([BorrowedFd<'_>; 2]) -> syscall::Result<()>,
    work: impl FnOnce() -> i32,
) -> Result<Orphan> {
    let (news, report) = pipe2(OFlag::O_CLOEXEC).call("pipe2")?;
    let (gate, opener) = pipe2(OFlag::O_CLOEXEC).call("pipe2")?;
    // Options, so that the children can close what is not theirs: they have copies of all.
    let mut ours = Some((news, opener));
    let mut theirs = Some((report, gate));
    let mut middle = fork(|| {
        ours = None;
        theirs.take().map_or(1, |(report, gate)| second(prepare, work, report, gate))
    })?;
    drop(theirs);
    let Some((news, opener)) = ours else { return Err(broken()) };

    let pid = match told(news) {
        Ok(pid) => pid,
        Err(error) => {
            // The reason is known; the middle has ended by itself or was killed.
            middle.join(Deadline::Never)?;
            return Err(error);
        }
    };
    // The grandchild stands at the gate, so the number is its own.
    let fd = match PidFd::open(pid) {
        Ok(fd) => fd,
        Err(error) => {
            let _ = kill(pid, Standard::SIGKILL);
            middle.join(Deadline::Never)?;
            return Err(error.into());
        }
    };
    // Only now is it an orphan.
    middle.join(Deadline::Never)?;
    drop(opener);
    Ok(Orphan { pid, fd })
}

/// The process in the middle: forks, tells the number, and ends.
fn second(
    prepare: impl FnOnce([BorrowedFd<'_>; 2]) -> syscall::Result<()>,
    work: impl FnOnce() -> i32,
    report: OwnedFd,
    gate: OwnedFd,
) -> i32 {
    let prepared = prepare([report.as_fd(), gate.as_fd()]);
    let mut report = Some(report);
    let made = prepared.map_err(Error::from).and_then(|()| {
        fork(|| {
            report = None;
            // Opens when the first process is ready, or dead.
            let _ = retry(|| read(&gate, &mut [0]));
            drop(gate);
            work()
        })
    });
    let (call, value) = match made.map(Child::leave) {
        Ok(pid) => (-1, pid.as_raw()),
        Err(Error::Call(error)) => {
            let call = CALLS.iter().position(|&call| call == error.call()).unwrap_or(0);
            (i32::try_from(call).unwrap_or(0), error.errno() as i32)
        }
        Err(error) => (0, error.errno() as i32),
    };
    let mut record = [0; 8];
    record[..4].copy_from_slice(&call.to_ne_bytes());
    record[4..].copy_from_slice(&value.to_ne_bytes());
    // When nobody reads, the first process is dead, and the gate is open.
    let sent = report.map(|report| File::from(report).write_all(&record));
    i32::from(!matches!(sent, Some(Ok(()))))
}

/// What the middle has to tell: the number of the grandchild, or why there is none.
fn told(news: OwnedFd) -> Result<Pid> {
    let (mut call, mut value, mut news) = ([0; 4], [0; 4], File::from(news));
    news.read_exact(&mut call).map_err(|_| broken())?;
    news.read_exact(&mut value).map_err(|_| broken())?;
    let value = i32::from_ne_bytes(value);
    match usize::try_from(i32::from_ne_bytes(call)) {
        Err(_) => Ok(Pid::from_raw(value)),
        Ok(call) => {
            let name = CALLS.get(call).copied().unwrap_or("fork");
            Err(syscall::Error::new(name, Errno::from_raw(value)).into())
        }
    }
}

fn broken() -> Error {
    syscall::Error::new("read", Errno::EPIPE).on("the process between us and the orphan").into()
}
