//! The signals that end a program, as something to wait for beside others: whoever has started a
//! job in a group of its own has to stop it first.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::signal::Signal;
use process::signals::{Calls, Disposition, SelfPipe};

use crate::sys;

/// A signal has come that is to end us; its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped(i32);

impl Stopped {
    /// The status that a shell gives for it.
    pub(crate) fn code(self) -> u8 {
        u8::try_from(128 + self.0).unwrap_or(u8::MAX)
    }
}

/// The signals that end a program, as something to wait for. Dropping it restores what they did.
#[derive(Debug)]
pub(crate) struct Stops {
    pipe: SelfPipe,
    _dispositions: Vec<Disposition>,
}

impl Stops {
    /// From now on. What was ignored before, as by nohup(1), stays so.
    ///
    /// # Errors
    /// EMFILE.
    pub(crate) fn new() -> io::Result<Self> {
        let pipe = SelfPipe::new().map_err(io::Error::other)?;
        let all = [
            Signal::SIGINT,
            Signal::SIGQUIT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            // Not an end but a beginning: somebody may want the terminal back.
            Signal::SIGCONT,
        ];
        let heard = all.into_iter().filter(|&signal| !sys::is_ignored(signal));
        let wake = |signal| Disposition::wake(signal, &pipe, Calls::Restart);
        let dispositions = heard.map(wake).collect::<Result<_, _>>().map_err(io::Error::other)?;
        Ok(Self { pipe, _dispositions: dispositions })
    }

    /// What has come since this was asked last, but for SIGCONT.
    ///
    /// # Errors
    /// None that a program can cause.
    pub(crate) fn stopped(&self) -> io::Result<Option<Stopped>> {
        let signals = self.pipe.drain().map_err(io::Error::other)?;
        let mut ends = signals.into_iter().filter(|&signal| signal != Signal::SIGCONT.into());
        Ok(ends.next().map(|signal| Stopped(signal.number())))
    }
}

impl AsFd for Stops {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pipe.as_fd()
    }
}
