//! One child process, owned: whoever has the [`Child`] is the one who waits for it.

use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::signal::Signal as Standard;
use nix::unistd::{Pid, getpid};
use syscall::{Deadline, Errno};

use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::pidfd::PidFd;
use crate::procfs::Stat;
use crate::signals::Signal;

/// A child that [`crate::fork()`] has made, or that was adopted.
///
/// It is waited for and sent signals through a pidfd, so that neither ever meets a stranger who
/// was given the same number.
///
/// **Dropping it leaves no zombie**: a child that has ended is reaped; one that still runs is
/// killed by SIGKILL and reaped. Nobody could wait for it afterwards, so it would be a zombie
/// later on; and waiting in a destructor, as CPython does at exit for what is no daemon, hangs as
/// soon as the child waits for something that the parent holds. A child that shall go on is
/// given away in so many words: to a [`crate::Reaper`], or by [`Child::leave`].
///
/// As a descriptor it is CPython's `sentinel`: poll(2), select(2) and epoll(7) report it as
/// readable once the child has ended. Do not wait for it by other means.
#[derive(Debug)]
pub struct Child {
    pid: Pid,
    fd: PidFd,
    owner: Pid,
    exit: Option<Exit>,
    left: bool,
}

impl Child {
    pub(crate) fn new(pid: Pid, fd: PidFd) -> Self {
        Self { pid, fd, owner: getpid(), exit: None, left: false }
    }

    /// Takes over a child of this process that is known by its number only: one that other code
    /// has made, or an orphan that came to a [`crate::orphan::Subreaper`].
    ///
    /// A child's number is not given to anybody else before it has been waited for, so nothing
    /// else may wait for it in the meantime.
    ///
    /// # Errors
    /// [`Error::NotOurs`] when it is no child of this process, EMFILE, ENFILE.
    pub fn adopt(pid: Pid) -> Result<Self> {
        let fd = match PidFd::open(pid) {
            Err(error) if matches!(error.errno(), Errno::ESRCH | Errno::EINVAL) => {
                return Err(Error::NotOurs(pid));
            }
            fd => fd?,
        };
        match Stat::of(pid) {
            Ok(stat) if stat.parent == getpid() => Ok(Self::new(pid, fd)),
            Err(error) if error.errno() != Errno::ESRCH => Err(error.into()),
            _ => Err(Error::NotOurs(pid)),
        }
    }

    /// Its number. It stays valid as a name for other programs until the child was joined.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Waits until it has ended and reaps it; `None` when the time is over first. Can be asked
    /// again and gives the same answer (CPython `Process.join` and `Process.exitcode`).
    ///
    /// [`Deadline::Now`] only looks. [`Deadline::after_millis`] gives negative numbers the meaning
    /// of poll(2), to wait for ever; CPython's `join(-1)` does not wait at all.
    ///
    /// # Errors
    /// [`Error::NotOurs`] in a process that a fork has copied this handle into; ENOMEM.
    pub fn join(&mut self, deadline: Deadline) -> Result<Option<Exit>> {
        if self.exit.is_none() {
            self.must_be_ours()?;
            let ended = deadline == Deadline::Now
                || deadline == Deadline::Never
                || self.fd.wait(deadline)?;
            if ended {
                self.exit = self.fd.reap(deadline == Deadline::Never)?;
            }
        }
        Ok(self.exit)
    }

    /// Whether it has not ended yet. Reaps it when it has (CPython `Process.is_alive`).
    ///
    /// # Errors
    /// As [`Child::join`].
    pub fn is_alive(&mut self) -> Result<bool> {
        self.join(Deadline::Now).map(|exit| exit.is_none())
    }

    /// CPython's `exitcode`: `None` while it runs, else that of [`Exit::code`]. Does not wait.
    ///
    /// # Errors
    /// As [`Child::join`].
    pub fn exit_code(&mut self) -> Result<Option<i32>> {
        self.join(Deadline::Now).map(|exit| exit.and_then(Exit::code))
    }

    /// Sends SIGTERM (CPython `Process.terminate`). The child may have it handled or ignored. To
    /// one that has ended it is no error.
    ///
    /// # Errors
    /// EPERM when it has become another user's process; [`Error::NotOurs`] as for `join`.
    pub fn terminate(&self) -> Result<()> {
        self.signal(Standard::SIGTERM)
    }

    /// Sends SIGKILL (CPython `Process.kill`), which nobody can handle.
    ///
    /// # Errors
    /// As [`Child::terminate`].
    pub fn kill(&self) -> Result<()> {
        self.signal(Standard::SIGKILL)
    }

    /// Sends any signal (pidfd_send_signal(2)).
    ///
    /// # Errors
    /// As [`Child::terminate`].
    pub fn signal(&self, signal: impl Into<Signal>) -> Result<()> {
        self.must_be_ours()?;
        Ok(self.fd.signal(signal.into().number())?)
    }

    /// Sends a signal with a number for the receiver ([`crate::signals::Info::value`]), as
    /// sigqueue(3) does. Real-time signals arrive as often as they were sent, each with its own
    /// value; of a standard signal that is pending already, nothing arrives.
    ///
    /// # Errors
    /// EAGAIN when too many are queued (RLIMIT_SIGPENDING); as [`Child::terminate`].
    pub fn queue(&self, signal: impl Into<Signal>, value: i32) -> Result<()> {
        self.must_be_ours()?;
        Ok(self.fd.queue(signal.into().number(), value)?)
    }

    /// Gives the handle up and lets the child go on. Nobody in this process will wait for it: it
    /// is a zombie from its end until this process ends too, and then whoever adopts it reaps
    /// it. So this is for the last thing that a program does, as its children shall outlive it.
    pub fn leave(mut self) -> Pid {
        self.left = true;
        self.pid
    }

    fn must_be_ours(&self) -> Result<()> {
        if self.owner == getpid() { Ok(()) } else { Err(Error::NotOurs(self.pid)) }
    }
}

impl AsFd for Child {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A copy that a fork has made of the handle is not the owner: it only closes.
        if self.left || self.exit.is_some() || self.must_be_ours().is_err() {
            return;
        }
        // A destructor has nobody to tell. SIGKILL cannot fail for a child that has stayed what
        // it was, and when it does (a set-user-ID program), waiting could take for ever.
        if matches!(self.fd.reap(false), Ok(None)) && self.fd.signal(libc::SIGKILL).is_ok() {
            let _ = self.fd.reap(true);
        }
    }
}
