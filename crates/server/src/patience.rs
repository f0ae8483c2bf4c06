//! How long one client may take, and what a stop leaves of it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use syscall::{Deadline, Errno};

use crate::stopper::Stopper;

/// What a server grants each of its clients. A [`Transport`](crate::Transport) hands it on to the
/// connections that it accepts.
#[derive(Clone, Debug)]
pub struct Terms {
    pub(crate) each: Option<Duration>,
    pub(crate) grace: Duration,
    /// At a stop, those in the backlog are let in first.
    pub(crate) last_call: bool,
    pub(crate) stopper: Stopper,
}

/// One client's share of the terms, from its first moment.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    deadline: Deadline,
    /// Until the stop was noticed.
    stop: Option<(Stopper, Duration)>,
}

impl Patience {
    pub(crate) fn begin(terms: &Terms) -> Self {
        let stop = Some((terms.stopper.clone(), terms.grace));
        Self { deadline: terms.each.into(), stop }
    }

    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// The loop has noticed the stop for all of its clients.
    pub(crate) fn end_by(&mut self, moment: Deadline) {
        self.deadline = earlier(self.deadline, moment);
        self.stop = None;
    }

    /// Waits with poll(2) until a call on `fd` will not block, or until the stop is noticed, once.
    /// Looks at the clock and at the stop even when it would not have to wait: a peer that always
    /// has something to say is no reason to overlook them.
    ///
    /// # Errors
    /// `TimedOut`: the moment has passed, or the client's time, or the grace that a stop has left
    /// to it.
    pub(crate) fn wait(
        &mut self,
        fd: BorrowedFd<'_>,
        events: PollFlags,
        by: Deadline,
    ) -> io::Result<Woken> {
        let deadline = earlier(self.deadline, by);
        loop {
            if deadline.has_passed() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let mut fds = vec![PollFd::new(fd, events)];
            fds.extend(
                self.stop.iter().map(|(stop, _)| PollFd::new(stop.as_fd(), PollFlags::POLLIN)),
            );
            let limit = PollTimeout::try_from(deadline.as_millis());
            match poll(&mut fds, limit.unwrap_or(PollTimeout::MAX)) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
            let [ready, stopped] =
                [0, 1].map(|n| fds.get(n).is_some_and(|fd| fd.any() == Some(true)));
            if stopped && let Some((_, grace)) = self.stop.take() {
                self.deadline = earlier(self.deadline, Deadline::after(grace));
                return Ok(Woken::Stopped);
            } else if ready {
                return Ok(Woken::Ready);
            }
        }
    }
}

/// Why a wait is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    Ready,
    Stopped,
}

/// Whichever comes first.
pub(crate) fn earlier(a: Deadline, b: Deadline) -> Deadline {
    match (a, b) {
        (Deadline::At(one), Deadline::At(other)) => Deadline::At(one.min(other)),
        (Deadline::Now, _) | (_, Deadline::Now) => Deadline::Now,
        (Deadline::Never, other) | (other, Deadline::Never) => other,
    }
}
