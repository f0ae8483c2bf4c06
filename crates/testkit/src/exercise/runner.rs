//! The start of a case's process.

use std::fs::File;
use std::io::{self, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::process::{Command, Stdio};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use super::inside::FLAG;
use super::traced::{Outcome, Traced};
use super::{Case, clear};
use crate::program::pidfd;

/// A case that runs.
pub(super) enum Runner {
    /// As any program does.
    Plain {
        pid: Pid,
        pidfd: OwnedFd,
        /// When it has been reaped.
        status: Option<WaitStatus>,
    },
    /// Under faults.
    Traced(Traced),
}

/// How its process has ended.
pub(super) enum Ended {
    Code(i32),
    Signal(i32),
    /// Under faults, with what the tracer knows.
    Traced(Outcome),
}

/// What it starts with.
pub(super) struct Surroundings<'a> {
    pub(super) root: &'a Path,
    pub(super) folder: &'a Path,
    pub(super) page: &'a str,
    pub(super) output: PipeWriter,
}

impl Runner {
    pub(super) fn start(case: &Case, around: Surroundings<'_>) -> io::Result<Self> {
        if let Some(faults) = case.faults {
            return Ok(Self::Traced(Traced::start(case, faults(), around)));
        }
        let mut command = Command::new(std::env::current_exe()?);
        command.args([FLAG, case.name, around.page]);
        command.current_dir(around.folder).env("TMPDIR", around.folder);
        command.stdin(Stdio::null()).stdout(around.output.try_clone()?).stderr(around.output);
        let pid = command.spawn()?.id();
        let (pidfd, pid) = (pidfd(pid)?, Pid::from_raw(pid.cast_signed()));
        Ok(Self::Plain { pid, pidfd, status: None })
    }

    /// Reaps orphans that have ended, and gives how many. Often: who only forks and ends uses up the
    /// system's process ids. Under faults they are the tracer's.
    pub(super) fn reap_orphans(&mut self) -> u32 {
        let Self::Plain { pid, status, .. } = self else { return 0 };
        let mut orphans = 0;
        while orphans < clear::AT_ONCE
            && let Some(ended) = clear::reap_one()
        {
            if ended.pid() == Some(*pid) {
                *status = Some(ended);
            } else {
                orphans += 1;
            }
        }
        orphans
    }

    /// What becomes readable when it ends, if there is something.
    pub(super) fn end(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Plain { pidfd, .. } => Some(pidfd.as_fd()),
            Self::Traced(_) => None,
        }
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        match self {
            Self::Plain { pidfd, .. } => {
                let mut end = [PollFd::new(pidfd.as_fd(), PollFlags::POLLIN)];
                matches!(poll(&mut end, PollTimeout::ZERO), Ok(1))
            }
            Self::Traced(traced) => traced.has_ended(),
        }
    }

    /// How it has ended; one under faults is ended now. `None` where waiting fails.
    pub(super) fn ended(self) -> Option<Ended> {
        match self {
            Self::Plain { pid, status, .. } => match status.or_else(|| waitpid(pid, None).ok()) {
                Some(WaitStatus::Exited(_, code)) => Some(Ended::Code(code)),
                Some(WaitStatus::Signaled(_, signal, _)) => Some(Ended::Signal(signal as i32)),
                _ => None,
            },
            Self::Traced(traced) => Some(Ended::Traced(traced.stop())),
        }
    }
}

/// /dev/null, to be read.
pub(super) fn nothing() -> io::Result<OwnedFd> {
    Ok(File::open("/dev/null")?.into())
}
