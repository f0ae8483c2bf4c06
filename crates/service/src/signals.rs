//! The end of a server. SIGINT (Ctrl-C) and SIGTERM (kill, systemd) ask for it: whoever is in the
//! middle of something may finish within a grace, and a second one of them ends that, too.

use std::os::fd::{AsFd, BorrowedFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use process::signals::{self, Calls, Disposition, SelfPipe};
use syscall::{Context as _, Errno};

/// The signals that a server waits for beside everything else: as a descriptor it is readable when
/// one has come.
#[derive(Debug)]
pub struct Signals {
    pipe: SelfPipe,
    stops: u32,
    _watches: Vec<Disposition>,
}

impl Signals {
    /// Watches SIGINT and SIGTERM, and others, until it is dropped. It installs handlers, which are
    /// the whole process'; children that are forked later inherit them, and hear nothing.
    ///
    /// # Errors
    /// EMFILE; one of them is handled already.
    pub fn watch(others: &[Signal]) -> process::Result<Self> {
        let pipe = SelfPipe::new()?;
        let wake = |&signal| Disposition::wake(signal, &pipe, Calls::Restart);
        let watched = [Signal::SIGINT, Signal::SIGTERM];
        let watches = watched.iter().chain(others).map(wake).collect::<Result<_, _>>()?;
        Ok(Self { pipe, stops: 0, _watches: watches })
    }

    /// Those that have come, in their order, and counts those that ask for the end.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn take(&mut self) -> process::Result<Vec<signals::Signal>> {
        let come = self.pipe.drain()?;
        let is_stop = |signal: &&signals::Signal| {
            [Signal::SIGINT, Signal::SIGTERM].iter().any(|&stop| **signal == stop.into())
        };
        let stops = come.iter().filter(is_stop).count();
        self.stops = self.stops.saturating_add(u32::try_from(stops).unwrap_or(u32::MAX));
        Ok(come)
    }

    /// The same, when there are any: for a thread that does nothing else.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn wait(&mut self) -> process::Result<Vec<signals::Signal>> {
        loop {
            let come = self.take()?;
            if !come.is_empty() {
                return Ok(come);
            }
            let mut fds = [PollFd::new(self.pipe.as_fd(), PollFlags::POLLIN)];
            // EINTR: that was one, perhaps.
            match poll(&mut fds, PollTimeout::NONE) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => Err(errno).call("poll")?,
            }
        }
    }

    /// How often the end was asked for: 0, go on; 1, come to an end; more, at once.
    pub fn stops(&self) -> u32 {
        self.stops
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pipe.as_fd()
    }
}
