//! A pipe with one direction.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use syscall::{Context as _, Deadline};

use super::incoming::Incoming;
use super::outgoing::Outgoing;
use crate::error::Result;

pub(super) fn pair() -> Result<(Receiver, Sender)> {
    let (from, to) = io::pipe().call("pipe2")?;
    // The writing end never sleeps inside write(2), so that a deadline can be kept. The two ends
    // are two open files, each with flags of its own: the reading end stays as it is.
    fcntl(&to, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).call("fcntl")?;
    let receiver = Receiver { from, incoming: Incoming::new() };
    Ok((receiver, Sender { to, outgoing: Outgoing::new() }))
}

/// The end of a simplex pipe that sends.
#[derive(Debug)]
pub struct Sender {
    to: PipeWriter,
    outgoing: Outgoing,
}

impl Sender {
    /// Sends a message, and waits for room until `deadline`. Room is not the peer: that a message
    /// was sent does not say that anybody has received it.
    ///
    /// # Errors
    /// - [`TimedOut`](crate::Error::TimedOut): nothing of the message was sent, it may be sent
    ///   again;
    /// - [`Torn`](crate::Error::Torn): the deadline passed, or the peer went, in the middle of a
    ///   message longer than [`ATOMIC`](super::ATOMIC), now or before. This end is of no more use;
    ///   when it is dropped, the peer gets the same error;
    /// - [`TooLarge`](crate::Error::TooLarge): longer than [`LIMIT`](super::LIMIT);
    /// - EPIPE: the peer has gone.
    pub fn send(&mut self, message: &[u8], deadline: Deadline) -> Result<()> {
        self.outgoing.send(&self.to, message, &[], deadline)
    }
}

/// The end of a simplex pipe that receives.
#[derive(Debug)]
pub struct Receiver {
    from: PipeReader,
    incoming: Incoming,
}

impl Receiver {
    /// The next message.
    ///
    /// # Errors
    /// - [`TimedOut`](crate::Error::TimedOut): what has come of a message is kept, and the next
    ///   call goes on there;
    /// - [`Ended`](crate::Error::Ended): no copy of the other end is left, and all messages were
    ///   received (CPython's `EOFError`);
    /// - [`Torn`](crate::Error::Torn): it ended in the middle of a message;
    /// - [`TooLarge`](crate::Error::TooLarge): a message beyond [`LIMIT`](super::LIMIT) was
    ///   announced.
    ///
    /// The last three stay: every further call gives the same.
    pub fn recv(&mut self, deadline: Deadline) -> Result<Vec<u8>> {
        self.incoming.recv(&self.from, deadline).map(|message| message.body)
    }

    /// Waits until a whole message has come, or the end: `true` when [`Receiver::recv`] will not
    /// wait, `false` when the deadline has passed first. CPython's `Connection.poll` is content
    /// with the first byte of a message.
    ///
    /// # Errors
    /// ENOMEM, EIO.
    pub fn poll(&mut self, deadline: Deadline) -> Result<bool> {
        self.incoming.poll(&self.from, deadline)
    }
}

/// For a poller: writable when a message of at most [`ATOMIC`](super::ATOMIC) bytes has room.
impl AsFd for Sender {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.to.as_fd()
    }
}

/// For a poller. **Receive until [`TimedOut`](crate::Error::TimedOut)** under [`Deadline::Now`]
/// before waiting again: a message that was read ahead makes no descriptor readable.
impl AsFd for Receiver {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.from.as_fd()
    }
}
