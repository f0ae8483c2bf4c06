//! Collecting children that end in their own time: what a forking server does.

use std::os::fd::AsFd as _;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::Pid;
use syscall::{Context as _, Deadline, Errno};

use crate::child::Child;
use crate::error::Result;
use crate::exit::Exit;

/// Children that nobody holds a handle of any more.
///
/// It waits for each of them by name and never for "any child" (`waitpid(-1)`), which would take
/// the status of somebody else's away. It looks at every one each time: SIGCHLD is no count, five
/// ends may be one signal (signal(7)). It needs no SIGCHLD at all, and where that is ignored the
/// children are still noticed, with [`Exit::Lost`]. Dropping it is dropping each [`Child`].
#[derive(Debug, Default)]
pub struct Reaper {
    children: Vec<Child>,
}

impl Reaper {
    /// Without children.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a child over.
    pub fn add(&mut self, child: impl Into<Child>) {
        self.children.push(child.into());
    }

    /// How many have not been reaped yet.
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Whether all have been reaped.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The children, for those who want to send them something.
    pub fn children(&self) -> &[Child] {
        &self.children
    }

    /// Reaps all that have ended by now, in the order in which they were added. Does not wait.
    ///
    /// # Errors
    /// As [`Child::join`]. Nothing is lost by an error: what had been reaped is told next time.
    pub fn reap(&mut self) -> Result<Vec<(Pid, Exit)>> {
        for child in &mut self.children {
            child.join(Deadline::Now)?;
        }
        let mut ended = Vec::new();
        self.children.retain_mut(|child| match child.join(Deadline::Now) {
            Ok(Some(exit)) => {
                ended.push((child.pid(), exit));
                false
            }
            _ => true,
        });
        Ok(ended)
    }

    /// Waits until at least one has ended, and reaps all that have. Nothing when the time is over
    /// first, or when there is no child.
    ///
    /// # Errors
    /// As [`Child::join`]; EINVAL from poll(2) for more children than RLIMIT_NOFILE.
    pub fn wait(&mut self, deadline: Deadline) -> Result<Vec<(Pid, Exit)>> {
        loop {
            let ended = self.reap()?;
            if !ended.is_empty() || self.is_empty() || deadline.has_passed() {
                return Ok(ended);
            }
            let watch = |child| PollFd::new(Child::as_fd(child), PollFlags::POLLIN);
            let mut fds: Vec<PollFd<'_>> = self.children.iter().map(watch).collect();
            let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
            match poll(&mut fds, timeout) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => Err(errno).call("poll")?,
            }
        }
    }

    /// Reaps until no child is left; false when the time is over first.
    ///
    /// # Errors
    /// As [`Reaper::wait`].
    pub fn wait_all(&mut self, deadline: Deadline) -> Result<bool> {
        while !self.is_empty() {
            if self.wait(deadline)?.is_empty() && deadline.has_passed() {
                break;
            }
        }
        Ok(self.is_empty())
    }
}

impl<C: Into<Child>> Extend<C> for Reaper {
    fn extend<I: IntoIterator<Item = C>>(&mut self, children: I) {
        self.children.extend(children.into_iter().map(Into::into));
    }
}
