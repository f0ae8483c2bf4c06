//! What can go wrong with a process.

use std::{fmt, io};

use nix::unistd::Pid;
use syscall::Errno;

/// The result of a call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Each has an errno ([`Error::errno`]).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// EINVAL, as unshare(2) and setns(2) have it: this process has so many threads. Of them only
    /// the calling one would live on in a fork, and the locks of the others never open again.
    Threads(usize),
    /// ECHILD: this process is no child of the calling one. A handle that a fork has copied into
    /// a child is not the child's to wait with.
    NotOurs(Pid),
    /// EBUSY: somebody else in this process already handles this signal.
    Handled(i32),
    /// EINVAL: a pool of no workers would never do anything. CPython raises `ValueError`.
    NoWorkers,
    /// ECANCELED: the initializer of a pool's worker has failed, with this message.
    Initializer(String),
    /// Anything else.
    Call(syscall::Error),
}

impl Error {
    /// The errno.
    pub fn errno(&self) -> Errno {
        match self {
            Self::Threads(_) | Self::NoWorkers => Errno::EINVAL,
            Self::NotOurs(_) => Errno::ECHILD,
            Self::Handled(_) => Errno::EBUSY,
            Self::Initializer(_) => Errno::ECANCELED,
            Self::Call(error) => error.errno(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads(n) => write!(f, "a process with {n} threads must not fork")?,
            Self::NotOurs(pid) => write!(f, "process {pid} is no child of this one")?,
            Self::Handled(signal) => write!(f, "signal {signal} has a handler already")?,
            Self::NoWorkers => f.write_str("a pool needs at least one worker")?,
            Self::Initializer(why) => write!(f, "a worker could not be initialized: {why}")?,
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
    /// Keeps the whole error as the payload; `kind()` is that of the errno.
    fn from(error: Error) -> Self {
        Self::new(Self::from(error.errno()).kind(), error)
    }
}
