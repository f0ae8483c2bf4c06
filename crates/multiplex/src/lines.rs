//! Lines from standard input, or any other descriptor, inside an event loop.
//!
//! Four things go wrong with standard input in a loop, and this type is their cure:
//! - std's `BufReader` takes many lines from the kernel at once; the second one lies in its
//!   buffer, where no poller sees it. Here all lines that a read brought are given out first.
//! - a regular file or /dev/null cannot be registered with epoll (EPERM). It is always ready, and
//!   [`LineSource::is_always_ready`] says so: then the loop must not wait.
//! - O_NONBLOCK would be set on the open file, which a terminal shares with the shell and with
//!   every other program on it. Here there is one read for one event, which does not block.
//! - the end (Ctrl-D, a closed pipe) stays readable for ever: remove the source at the end.

use std::os::fd::{AsFd, BorrowedFd};

use bytes::Bytes;
use sockets::framing::{self, Decoder as _, Lines};
use syscall::{Context as _, Errno};

use crate::error::{Error, Result};
use crate::poller::{Interest, Poller, Token, Trigger};

/// A source of lines.
#[derive(Debug)]
pub struct LineSource<F> {
    file: F,
    lines: Lines,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Registered,
    AlwaysReady,
}

/// What one read brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Bytes, perhaps whole lines.
    More,
    /// Nothing for now.
    NotYet,
    /// The end. A last line without its newline may still be taken out.
    End,
}

impl<F: AsFd> LineSource<F> {
    /// Lines of at most `limit` bytes from `file`: `LineSource::new(std::io::stdin(), 4096)`.
    /// Nothing else may read from it, also not through std's buffered standard input.
    pub fn new(file: F, limit: usize) -> Self {
        Self { file, lines: Lines::with_limit(limit), state: State::Idle }
    }

    /// Starts to watch it, readable and by level. What cannot be watched is always ready.
    ///
    /// # Errors
    /// As [`Poller::register`], but for `NeverWaits`.
    pub fn register(&mut self, poller: &mut dyn Poller, token: Token) -> Result<()> {
        let done = poller.register(self.file.as_fd(), token, Interest::READABLE, Trigger::Level);
        self.state = match done {
            Ok(()) => State::Registered,
            Err(Error::NeverWaits(_)) => State::AlwaysReady,
            Err(error) => return Err(error),
        };
        Ok(())
    }

    /// Ends the watch, if there is one.
    ///
    /// # Errors
    /// As [`Poller::remove`].
    pub fn remove(&mut self, poller: &mut dyn Poller) -> Result<()> {
        if self.state == State::Registered {
            poller.remove(self.file.as_fd())?;
        }
        self.state = State::Idle;
        Ok(())
    }

    /// True when no poller will ever report it although there is more to read: wait with
    /// [`crate::Deadline::Now`] and read it after every wait.
    pub fn is_always_ready(&self) -> bool {
        self.state == State::AlwaysReady
    }

    /// One read(2). Call it when it was reported, or is always ready; then take the lines out.
    /// After [`Fill::End`] call [`LineSource::remove`].
    ///
    /// # Errors
    /// EIO (a background process at a terminal), EISDIR.
    pub fn fill(&mut self) -> Result<Fill> {
        let mut bytes = [0; 4096];
        match syscall::retry(|| nix::unistd::read(&self.file, &mut bytes)) {
            Ok(0) => Ok(Fill::End),
            Ok(n) => {
                self.lines.push(&bytes[..n]);
                Ok(Fill::More)
            }
            Err(Errno::EAGAIN) => Ok(Fill::NotYet),
            Err(errno) => Ok(Err(errno).call("read")?),
        }
    }

    /// The next line, without its newline. Ask until `None`.
    ///
    /// # Errors
    /// [`framing::Error::TooLong`]; the lines behind it are still given.
    pub fn next_line(&mut self) -> std::result::Result<Option<Bytes>, framing::Error> {
        self.lines.next()
    }

    /// After [`Fill::End`]: what came behind the last newline, if anything.
    ///
    /// # Errors
    /// [`framing::Error::TooLong`].
    pub fn last_line(&mut self) -> std::result::Result<Option<Bytes>, framing::Error> {
        self.lines.finish()
    }
}

impl<F: AsFd> AsFd for LineSource<F> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}
