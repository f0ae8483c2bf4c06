//! What can go wrong between processes.

use std::{fmt, io};

use syscall::Errno;

/// The result of a call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Each has an errno ([`Error::errno`]).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// ETIMEDOUT: the deadline has passed first. With [`crate::Deadline::Now`] that means
    /// "not without waiting": CPython's `queue.Full` and `queue.Empty`.
    TimedOut,
    /// EMSGSIZE: a message of so many bytes where at most `limit` fit.
    TooLarge {
        /// Bytes in the message.
        size: usize,
        /// Bytes that fit.
        limit: usize,
    },
    /// ENODATA: nobody is left who could send, and all that was sent has been received. CPython's
    /// `EOFError`.
    Ended,
    /// EBADMSG: a message was begun and will never be finished, because the sender ended or its
    /// deadline passed.
    Torn {
        /// How many bytes of it came through, its length field included.
        done: usize,
    },
    /// EMFILE: of the descriptors that came with a message, this process could not have all.
    Lost {
        /// Descriptors that were sent.
        sent: usize,
        /// Descriptors that have come; they are closed again.
        received: usize,
    },
    /// EPIPE: a queue was closed. For a receiver: and all that was in it has been received.
    Closed,
    /// EOWNERDEAD: whoever held the lock was killed, or panicked, in the middle of a change.
    OwnerDied,
    /// ECANCELED: somebody else has broken the barrier. CPython's `BrokenBarrierError`.
    Broken,
    /// EOVERFLOW: a semaphore was released more often than its limit allows.
    TooManyReleases {
        /// The value that it cannot exceed.
        limit: u32,
    },
    /// EINVAL: the segment under this name holds something else, or something of another size.
    OtherLayout,
    /// Anything else.
    Call(syscall::Error),
}

impl Error {
    /// The errno.
    pub fn errno(&self) -> Errno {
        match self {
            Self::TimedOut => Errno::ETIMEDOUT,
            Self::TooLarge { .. } => Errno::EMSGSIZE,
            Self::Ended => Errno::ENODATA,
            Self::Torn { .. } => Errno::EBADMSG,
            Self::Lost { .. } => Errno::EMFILE,
            Self::Closed => Errno::EPIPE,
            Self::OwnerDied => Errno::EOWNERDEAD,
            Self::Broken => Errno::ECANCELED,
            Self::TooManyReleases { .. } => Errno::EOVERFLOW,
            Self::OtherLayout => Errno::EINVAL,
            Self::Call(error) => error.errno(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("the time is over")?,
            Self::TooLarge { size, limit } => {
                write!(f, "a message of {size} bytes where {limit} fit")?;
            }
            Self::Ended => {
                f.write_str("the other end has gone, all messages were received")?;
            }
            Self::Torn { done } => write!(f, "a message ended after {done} bytes")?,
            Self::Lost { sent, received } => {
                write!(f, "{sent} descriptors were sent and {received} have come")?;
            }
            Self::Closed => f.write_str("it was closed")?,
            Self::OwnerDied => f.write_str("its owner died while changing it")?,
            Self::Broken => f.write_str("the barrier is broken")?,
            Self::TooManyReleases { limit } => {
                write!(f, "released more often than acquired, the limit is {limit}")?;
            }
            Self::OtherLayout => f.write_str("the segment holds something else")?,
            Self::Call(error) => return error.fmt(f),
        }
        write!(f, " ({:?})", self.errno())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}

impl From<syscall::Error> for Error {
    fn from(error: syscall::Error) -> Self {
        Self::Call(error)
    }
}

impl From<Error> for io::Error {
    /// Keeps the whole error as the payload; `kind()` is that of the errno, or `UnexpectedEof`.
    fn from(error: Error) -> Self {
        let kind = match error {
            Error::Ended | Error::Torn { .. } => io::ErrorKind::UnexpectedEof,
            _ => Self::from(error.errno()).kind(),
        };
        Self::new(kind, error)
    }
}
