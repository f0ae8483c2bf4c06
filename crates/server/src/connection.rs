//! One client of a stream server.

use std::cell::RefCell;
use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{SocketAddr as UnixAddr, UnixStream};

use nix::poll::PollFlags;
use syscall::Deadline;

use crate::patience::{Patience, Terms};
use crate::request::Request;

/// A stream socket of std.
pub trait Stream: AsFd + Debug + Send + 'static {
    /// What names the other side.
    type Peer: Clone + Debug + Send + 'static;

    /// read(2).
    ///
    /// # Errors
    /// EAGAIN when nothing is there, ECONNRESET.
    fn read(&self, bytes: &mut [u8]) -> io::Result<usize>;

    /// write(2).
    ///
    /// # Errors
    /// EAGAIN when there is no room, EPIPE, ECONNRESET.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// O_NONBLOCK.
    ///
    /// # Errors
    /// None that a program can cause.
    fn set_nonblocking(&self, on: bool) -> io::Result<()>;

    /// shutdown(2).
    ///
    /// # Errors
    /// ENOTCONN.
    fn shutdown(&self, how: Shutdown) -> io::Result<()>;
}

macro_rules! stream {
    ($stream:ty, $peer:ty) => {
        impl Stream for $stream {
            type Peer = $peer;

            fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
                Read::read(&mut &*self, bytes)
            }

            fn write(&self, bytes: &[u8]) -> io::Result<usize> {
                Write::write(&mut &*self, bytes)
            }

            fn set_nonblocking(&self, on: bool) -> io::Result<()> {
                <$stream>::set_nonblocking(self, on)
            }

            fn shutdown(&self, how: Shutdown) -> io::Result<()> {
                <$stream>::shutdown(self, how)
            }
        }
    };
}

stream!(TcpStream, SocketAddr);
stream!(UnixStream, UnixAddr);

/// A connection that was accepted: what CPython's `StreamRequestHandler` has in `rfile`, `wfile`
/// and `client_address`.
///
/// It reads and writes like a blocking stream, by `&Connection`, so that both can be done at once
/// (`io::copy(&mut client, &mut client)` with two copies of the reference). Each call fails with
/// `TimedOut` when the client's whole time is over: one byte now and then does not prolong it.
///
/// When its handler has returned `Ok`, the writing side is shut down and the socket closed. Data
/// that the handler did not read makes that a RST, which can cost the peer the answer (RFC 2525,
/// 2.17): where that matters, read to the end.
#[derive(Debug)]
pub struct Connection<S: Stream> {
    stream: S,
    peer: S::Peer,
    patience: RefCell<Patience>,
}

impl<S: Stream> Connection<S> {
    /// What a [`Transport`](crate::Transport) makes of an accepted stream.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn new(stream: S, peer: S::Peer, terms: &Terms) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self { stream, peer, patience: RefCell::new(Patience::begin(terms)) })
    }

    /// The other side's address.
    pub fn peer(&self) -> &S::Peer {
        &self.peer
    }

    /// When its time is over. A stop may bring this nearer.
    pub fn deadline(&self) -> Deadline {
        self.patience.borrow().deadline()
    }

    /// The stream itself, non-blocking, for socket options and for those who count the time
    /// themselves.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    pub(crate) fn end_by(&self, moment: Deadline) {
        self.patience.borrow_mut().end_by(moment);
    }

    /// Waits, tries, and waits again when readiness was a false alarm.
    fn when<T>(&self, events: PollFlags, mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        loop {
            self.patience.borrow_mut().wait(self.stream.as_fd(), events)?;
            match call() {
                Err(error) if sockets::not_now(&error) => {}
                done => return done,
            }
        }
    }
}

impl<S: Stream> Read for &Connection<S> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.when(PollFlags::POLLIN, || self.stream.read(bytes))
    }
}

impl<S: Stream> Write for &Connection<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.when(PollFlags::POLLOUT, || self.stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Stream> AsFd for Connection<S> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl<S: Stream> Request for Connection<S> {
    type Peer = S::Peer;

    fn peer(&self) -> S::Peer {
        self.peer.clone()
    }

    fn finish(&self) {
        // It fails when the peer has gone already: then there is nobody to tell.
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}
