//! Two pipes, one for each direction.

use std::os::fd::{AsFd, BorrowedFd};

use syscall::Deadline;

use super::simplex::{Receiver, Sender};
use crate::error::Result;

/// An end of a duplex pipe.
#[derive(Debug)]
pub struct Connection {
    receiver: Receiver,
    sender: Sender,
}

impl Connection {
    pub(super) fn new(receiver: Receiver, sender: Sender) -> Self {
        Self { receiver, sender }
    }

    /// Sends a message. See [`Sender::send`].
    ///
    /// # Errors
    /// Those of [`Sender::send`].
    pub fn send(&mut self, message: &[u8], deadline: Deadline) -> Result<()> {
        self.sender.send(message, deadline)
    }

    /// The next message. See [`Receiver::recv`].
    ///
    /// # Errors
    /// Those of [`Receiver::recv`].
    pub fn recv(&mut self, deadline: Deadline) -> Result<Vec<u8>> {
        self.receiver.recv(deadline)
    }

    /// Waits until a whole message has come, or the end. See [`Receiver::poll`].
    ///
    /// # Errors
    /// Those of [`Receiver::poll`].
    pub fn poll(&mut self, deadline: Deadline) -> Result<bool> {
        self.receiver.poll(deadline)
    }

    /// The two directions, for two threads, or to end one of them: when the sender is dropped, the
    /// peer receives [`Ended`](crate::Error::Ended) and can still answer.
    pub fn split(self) -> (Receiver, Sender) {
        (self.receiver, self.sender)
    }
}

/// For a poller: the descriptor to receive from, as [`Receiver`].
impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.receiver.as_fd()
    }
}
