//! A piece of work in a process of its own, after CPython's `multiprocessing.Process`.
//!
//! Its states are types: a [`Process`] has not been started, so it has no pid and cannot be
//! joined; [`Process::start`] takes it and gives a [`Started`], which cannot be started again and
//! keeps its answer once it was joined.

use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{Signal, raise};
use nix::unistd::{Pid, getpid, getppid};
use syscall::Deadline;

use crate::child::Child;
use crate::error::Result;
use crate::exit::Exit;
use crate::fork::fork;
use crate::name::{self, Newborn};

/// What a process does: CPython's `Process.run`. A class of one's own is a type with this trait;
/// every `FnOnce() -> i32` has it too.
pub trait Run {
    /// Runs in the child. The result is the exit code, of which 8 bits arrive.
    fn run(self) -> i32;
}

impl<F: FnOnce() -> i32> Run for F {
    fn run(self) -> i32 {
        self()
    }
}

/// A process that has not been started.
#[derive(Clone, Debug)]
#[must_use = "it does nothing before it is started"]
pub struct Process<R> {
    run: R,
    name: String,
    identity: String,
    /// Whether somebody has chosen the name.
    chosen: bool,
    daemon: bool,
}

impl<R: Run> Process<R> {
    /// Named `Process-N`, where N counts what this process has made; no daemon.
    pub fn new(run: R) -> Self {
        let identity = name::next();
        let name = format!("Process-{identity}");
        Self { run, name, identity, chosen: false, daemon: false }
    }

    /// Another name. It need not be the only one of its kind. ps(1) shows 15 bytes of it; one
    /// without a name of its own is shown as its program, as CPython's are, and starts faster.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self.chosen = true;
        self
    }

    /// Whether it ends with its parent (default: no). It is killed by SIGKILL in the moment when
    /// the parent is gone, whatever the parent died of (PR_SET_PDEATHSIG, prctl(2)); CPython's
    /// daemons end only at a normal end of their parent. What it has started itself goes on,
    /// unless those are daemons too. A program with more privileges that it executes is free.
    pub fn daemon(mut self, on: bool) -> Self {
        self.daemon = on;
        self
    }

    /// Makes the process, which runs [`Run::run`] and ends ([`crate::fork()`]).
    ///
    /// # Errors
    /// Those of [`crate::fork()`].
    pub fn start(self) -> Result<Started> {
        let Self { run, name, identity, chosen, daemon } = self;
        let (parent, shown) = (getpid(), chosen.then(|| name::shown(&name)));
        let work = move || {
            if daemon {
                end_with(parent);
            }
            if let Some(shown) = shown {
                name::show(&shown);
            }
            run.run()
        };
        let (child, name) = name::give(Newborn { parent, name, identity }, || fork(work));
        Ok(Started { child: child?, name, daemon })
    }
}

/// Asks for SIGKILL when the parent ends. It may have ended before the question: then somebody
/// else is the parent by now, and nobody would send anything.
fn end_with(parent: Pid) {
    if set_pdeathsig(Signal::SIGKILL).is_err() || getppid() != parent {
        let _ = raise(Signal::SIGKILL);
    }
}

/// A process that was started. For what happens when it is dropped see [`Child`]: no zombie is
/// left, and no process that nobody could wait for.
///
/// As a descriptor it is CPython's `Process.sentinel`: readable once the process has ended.
#[derive(Debug)]
pub struct Started {
    child: Child,
    name: String,
    daemon: bool,
}

impl Started {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its number.
    pub fn pid(&self) -> Pid {
        self.child.pid()
    }

    /// Whether it ends with its parent.
    pub fn is_daemon(&self) -> bool {
        self.daemon
    }

    /// Waits for its end; `None` when the time is over first. See [`Child::join`].
    ///
    /// # Errors
    /// As [`Child::join`].
    pub fn join(&mut self, deadline: Deadline) -> Result<Option<Exit>> {
        self.child.join(deadline)
    }

    /// Whether it has not ended yet. See [`Child::is_alive`].
    ///
    /// # Errors
    /// As [`Child::join`].
    pub fn is_alive(&mut self) -> Result<bool> {
        self.child.is_alive()
    }

    /// `None` while it runs; the code; the negative number of a signal. See [`Child::exit_code`].
    ///
    /// # Errors
    /// As [`Child::join`].
    pub fn exit_code(&mut self) -> Result<Option<i32>> {
        self.child.exit_code()
    }

    /// Sends SIGTERM. See [`Child::terminate`].
    ///
    /// # Errors
    /// As [`Child::terminate`].
    pub fn terminate(&self) -> Result<()> {
        self.child.terminate()
    }

    /// Sends SIGKILL. See [`Child::kill`].
    ///
    /// # Errors
    /// As [`Child::terminate`].
    pub fn kill(&self) -> Result<()> {
        self.child.kill()
    }

    /// The bare child, for a [`crate::Reaper`], [`Child::signal`] or [`Child::leave`].
    pub fn into_child(self) -> Child {
        self.child
    }
}

impl From<Started> for Child {
    fn from(started: Started) -> Self {
        started.child
    }
}

impl AsFd for Started {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.child.as_fd()
    }
}
