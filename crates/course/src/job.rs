//! A program in a process group of its own, which can be stopped as a whole: cargo with its
//! compilers, tests with what they have started.
//!
//! The keys of the terminal do not reach such a group: whoever starts it hears of them ([`Stops`])
//! and stops it, and ends when nothing of it is left.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{ChildStdout, Command, Stdio};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use process::{Child, Deadline, Exit, Pid};

use crate::stops::{Stopped, Stops};
use crate::sys;

/// So long may somebody who is asked to end take for it. A check stops its tests in that time.
const GRACE: Duration = Duration::from_secs(5);

/// A program that runs. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct Job(Child);

impl Job {
    /// Starts it. It is told to end when the thread that has started it ends first.
    ///
    /// # Errors
    /// As [`Command::spawn`]; EMFILE.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        Self::begin(command).map(|(job, _)| job)
    }

    /// The same, and what it writes to its standard output.
    ///
    /// # Errors
    /// As [`Job::start`].
    pub(crate) fn piped(command: &mut Command) -> io::Result<(Self, ChildStdout)> {
        let (job, stdout) = Self::begin(command.stdout(Stdio::piped()))?;
        Ok((job, stdout.ok_or(Errno::EBADF)?))
    }

    fn begin(command: &mut Command) -> io::Result<(Self, Option<ChildStdout>)> {
        command.process_group(0);
        sys::die_with_us(command);
        let mut child = command.spawn()?;
        let pid = Pid::from_raw(child.id().cast_signed());
        // From here on it is waited for by its pidfd; a handle of std's that is dropped does
        // nothing.
        let job = Child::adopt(pid).map(Self).map_err(io::Error::other)?;
        Ok((job, child.stdout.take()))
    }

    /// Waits for its end; a signal that is to stop us stops it first.
    ///
    /// # Errors
    /// None that a program can cause.
    pub(crate) fn result(mut self, stops: &Stops) -> io::Result<Result<Exit, Stopped>> {
        loop {
            let mut fds = [
                PollFd::new(stops.as_fd(), PollFlags::POLLIN),
                PollFd::new(self.0.as_fd(), PollFlags::POLLIN),
            ];
            match poll(&mut fds, PollTimeout::NONE) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
            if let Some(stopped) = stops.stopped()? {
                self.stop();
                return Ok(Err(stopped));
            }
            if let Some(exit) = self.ended()? {
                return Ok(Ok(exit));
            }
        }
    }

    /// How it has ended; `None` while it runs.
    ///
    /// # Errors
    /// None that a program can cause.
    pub(crate) fn ended(&mut self) -> io::Result<Option<Exit>> {
        self.0.join(Deadline::Now).map_err(io::Error::other)
    }

    /// Waits until it has ended, which it still can be asked for; whether it has.
    pub(crate) fn wait(&self, limit: Duration) -> bool {
        let deadline = Deadline::after(limit);
        loop {
            let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
            match poll(&mut [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)], timeout) {
                Ok(0) | Err(Errno::EINTR) if !deadline.has_passed() => {}
                ready => return ready.is_ok_and(|ready| ready > 0),
            }
        }
    }

    /// Asks the whole group to end, and kills it if it does not. The leader is not waited for
    /// before that, so that the group's number cannot be somebody else's.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if self.ended().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        // ESRCH is impossible while the leader has not been waited for.
        let _ = killpg(self.0.pid(), Signal::SIGTERM);
        self.wait(GRACE);
        let _ = killpg(self.0.pid(), Signal::SIGKILL);
        // It has been killed, so this ends, with nothing to be told.
        let _ = self.0.join(Deadline::Never);
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.end();
    }
}

/// Readable once it has ended.
impl AsFd for Job {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
