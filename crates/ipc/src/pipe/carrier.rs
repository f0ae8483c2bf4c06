//! A pair of Unix sockets, for messages that carry descriptors.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use syscall::{Context as _, Deadline};

use super::incoming::Incoming;
use super::outgoing::Outgoing;
use crate::error::Result;

pub(super) fn pair() -> Result<(Carrier, Carrier)> {
    let (left, right) = UnixStream::pair().call("socketpair")?;
    let end = |socket| Carrier { socket, incoming: Incoming::new(), outgoing: Outgoing::new() };
    Ok((end(left), end(right)))
}

/// An end of a duplex pipe that can pass descriptors.
#[derive(Debug)]
pub struct Carrier {
    socket: UnixStream,
    incoming: Incoming,
    outgoing: Outgoing,
}

impl Carrier {
    /// Sends a message. See [`Sender::send`](super::Sender::send).
    ///
    /// # Errors
    /// Those of [`Sender::send`](super::Sender::send), where no length is promised up to which a
    /// message is not torn. ENOBUFS.
    pub fn send(&mut self, message: &[u8], deadline: Deadline) -> Result<()> {
        self.outgoing.send(&self.socket, message, &[], deadline)
    }

    /// Sends a message and copies of descriptors with it, at most
    /// [`MOST_DESCRIPTORS`](super::MOST_DESCRIPTORS). They stay open here.
    ///
    /// # Errors
    /// Those of [`Carrier::send`]; EINVAL (too many descriptors); ETOOMANYREFS (more are under way
    /// than this process may have open, or sockets inside sockets too deep, unix(7)).
    pub fn send_with(
        &mut self,
        message: &[u8],
        descriptors: &[BorrowedFd<'_>],
        deadline: Deadline,
    ) -> Result<()> {
        self.outgoing.send(&self.socket, message, descriptors, deadline)
    }

    /// The next message. Descriptors that came with it are closed.
    ///
    /// # Errors
    /// Those of [`Receiver::recv`](super::Receiver::recv).
    pub fn recv(&mut self, deadline: Deadline) -> Result<Vec<u8>> {
        self.incoming.recv(&self.socket, deadline).map(|message| message.body)
    }

    /// The next message and the descriptors that came with it: owned, and close-on-exec.
    ///
    /// # Errors
    /// Those of [`Receiver::recv`](super::Receiver::recv). [`Lost`](crate::Error::Lost): this
    /// process may not have so many descriptors; the message and those that came are dropped, and
    /// the next call gives the next message.
    pub fn recv_with(&mut self, deadline: Deadline) -> Result<(Vec<u8>, Vec<OwnedFd>)> {
        self.incoming.recv(&self.socket, deadline)?.complete()
    }

    /// Waits until a whole message has come, or the end. See
    /// [`Receiver::poll`](super::Receiver::poll).
    ///
    /// # Errors
    /// Those of [`Receiver::poll`](super::Receiver::poll).
    pub fn poll(&mut self, deadline: Deadline) -> Result<bool> {
        self.incoming.poll(&self.socket, deadline)
    }
}

/// For a poller. To receive, as [`Receiver`](super::Receiver).
impl AsFd for Carrier {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
