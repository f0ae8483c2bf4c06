//! Whole messages over a stream, under one deadline.
//!
//! send(2) may take only a part and recv(2) give only a part, and a time-out set on the socket
//! (SO_RCVTIMEO) starts anew with every call: a peer that drips one byte at a time is never late.
//! Here the deadline holds for the whole message. The socket may be blocking or not and stays as
//! it is: every call is made with MSG_DONTWAIT and waited for with poll(2).

use std::fmt;
use std::mem::MaybeUninit;
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;
use syscall::{Deadline, Errno, IntoErrno as _, retry};

/// Why a message was not sent or received whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The deadline passed; `done` bytes had been sent or received.
    TimedOut {
        /// Bytes sent or received before.
        done: usize,
    },
    /// The peer ended the stream in the middle; `done` bytes had been received. Zero means that
    /// it ended between messages, which is the ordinary end of a conversation.
    Ended {
        /// Bytes received before.
        done: usize,
    },
    /// The call failed; `done` bytes had been sent or received.
    Failed {
        /// Bytes sent or received before.
        done: usize,
        /// EPIPE and ECONNRESET (the peer has gone), ENOTCONN, ENOBUFS.
        error: syscall::Error,
    },
}

impl Error {
    /// Bytes sent or received before the failure.
    pub fn done(&self) -> usize {
        match self {
            Self::TimedOut { done } | Self::Ended { done } | Self::Failed { done, .. } => *done,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { done } => write!(f, "the time was over after {done} bytes"),
            Self::Ended { done } => write!(f, "the peer ended the stream after {done} bytes"),
            Self::Failed { done, error } => write!(f, "{error} after {done} bytes"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Sends all of `message`. A peer that has gone is an error (EPIPE), never SIGPIPE.
///
/// # Errors
/// [`Error`], which says how much the kernel had taken: not how much the peer has read.
pub fn send_all(socket: &impl AsFd, message: &[u8], deadline: Deadline) -> Result<(), Error> {
    let handle = SockRef::from(socket);
    let flags = nix::libc::MSG_DONTWAIT | nix::libc::MSG_NOSIGNAL;
    let mut done = 0;
    while done < message.len() {
        match retry(|| handle.send_with_flags(&message[done..], flags)) {
            Ok(n) => done += n,
            Err(error) => {
                wait_after(error, "send", socket, PollFlags::POLLOUT, deadline, done)?;
            }
        }
    }
    Ok(())
}

/// Fills all of `buffer`.
///
/// # Errors
/// [`Error`]; what was received lies in the front of `buffer`.
pub fn recv_exact(socket: &impl AsFd, buffer: &mut [u8], deadline: Deadline) -> Result<(), Error> {
    let handle = SockRef::from(socket);
    let mut done = 0;
    while done < buffer.len() {
        let rest = &raw mut buffer[done..];
        // SAFETY: the pointer comes from a live exclusive borrow that nobody else uses here, and
        // MaybeUninit<u8> has the layout of u8. socket2 writes only initialised bytes through it
        // (that is what it promises for its own `impl Read`), so `buffer` stays initialised.
        let rest = unsafe { &mut *(rest as *mut [MaybeUninit<u8>]) };
        match retry(|| handle.recv_with_flags(rest, nix::libc::MSG_DONTWAIT)) {
            Ok(0) => return Err(Error::Ended { done }),
            Ok(n) => done += n,
            Err(error) => {
                wait_after(error, "recv", socket, PollFlags::POLLIN, deadline, done)?;
            }
        }
    }
    Ok(())
}

/// EAGAIN is waited for, anything else is the end.
fn wait_after(
    error: std::io::Error,
    call: &'static str,
    socket: &impl AsFd,
    event: PollFlags,
    deadline: Deadline,
    done: usize,
) -> Result<(), Error> {
    let errno = match error.into_errno() {
        Errno::EAGAIN => match wait(socket, event, deadline) {
            Ok(()) => return Ok(()),
            Err(Errno::ETIMEDOUT) => return Err(Error::TimedOut { done }),
            Err(errno) => {
                return Err(Error::Failed { done, error: syscall::Error::new("poll", errno) });
            }
        },
        errno => errno,
    };
    Err(Error::Failed { done, error: syscall::Error::new(call, errno) })
}

/// Waits with poll(2) until the next call on `fd` will not block: ETIMEDOUT when it is too late.
fn wait(fd: &impl AsFd, event: PollFlags, deadline: Deadline) -> Result<(), Errno> {
    loop {
        let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(fd.as_fd(), event)], timeout) {
            Ok(0) if deadline.has_passed() => return Err(Errno::ETIMEDOUT),
            Ok(0) | Err(Errno::EINTR) => {}
            ready => return ready.map(drop),
        }
    }
}

/// The wait of a connect(2) that is under way.
pub(crate) fn wait_until_writable(fd: &impl AsFd, deadline: Deadline) -> Result<(), Errno> {
    wait(fd, PollFlags::POLLOUT, deadline)
}
