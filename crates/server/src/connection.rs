//! One client of a stream server.

use std::cell::RefCell;
use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{SocketAddr as UnixAddr, UnixStream};

use multiplex::Interest;
use nix::poll::PollFlags;
use nix::sys::sendfile::sendfile64;
use socket2::SockRef;
use syscall::Deadline;

pub(crate) use crate::patience::Woken;
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

    /// send(2) with MSG_MORE: the kernel may wait for what follows before it sends a segment that
    /// is not full.
    ///
    /// # Errors
    /// As [`Stream::write`].
    fn write_more(&self, bytes: &[u8]) -> io::Result<usize>;

    /// sendfile(2): so many bytes of a file from an offset on, which are never copied into this
    /// process. 0 means that the file ends there.
    ///
    /// # Errors
    /// As [`Stream::write`]; EINVAL for what cannot be mapped (a pipe, a terminal), EIO.
    fn send_file(&self, file: &File, offset: u64, count: usize) -> io::Result<usize>;

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

            fn write_more(&self, bytes: &[u8]) -> io::Result<usize> {
                let flags = nix::libc::MSG_MORE | nix::libc::MSG_NOSIGNAL;
                SockRef::from(self).send_with_flags(bytes, flags)
            }

            fn send_file(&self, file: &File, offset: u64, count: usize) -> io::Result<usize> {
                // Beyond what an offset can be there is no file.
                let Ok(mut offset) = offset.try_into() else { return Ok(0) };
                Ok(sendfile64(self, file, Some(&mut offset), count)?)
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
        Ok(Self::begin(stream, peer, terms))
    }

    /// The same for one that is non-blocking already.
    pub(crate) fn begin(stream: S, peer: S::Peer, terms: &Terms) -> Self {
        Self { stream, peer, patience: RefCell::new(Patience::begin(terms)) }
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

    /// Waits for readiness, the stop, or this moment.
    pub(crate) fn wait(&self, interest: Interest, by: Deadline) -> io::Result<Woken> {
        let mut events = PollFlags::empty();
        events.set(PollFlags::POLLIN, interest.contains(Interest::READABLE));
        events.set(PollFlags::POLLOUT, interest.contains(Interest::WRITABLE));
        self.patience.borrow_mut().wait(self.stream.as_fd(), events, by)
    }

    /// Waits, tries, and waits again when readiness was a false alarm.
    fn when<T>(
        &self,
        interest: Interest,
        mut call: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            if self.wait(interest, Deadline::Never)? == Woken::Stopped {
                continue;
            }
            match call() {
                Err(error) if sockets::not_now(&error) => {}
                done => return done,
            }
        }
    }
}

impl<S: Stream> Read for &Connection<S> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.when(Interest::READABLE, || self.stream.read(bytes))
    }
}

impl<S: Stream> Write for &Connection<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.when(Interest::WRITABLE, || self.stream.write(bytes))
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
