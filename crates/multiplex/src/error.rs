//! What can go wrong with a registration or a wait.

use std::fmt;
use std::os::fd::RawFd;

use syscall::Errno;

use crate::poller::Trigger;

/// The result of a poller's call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call of a [`crate::Poller`] failed. Each has an errno ([`Error::errno`]), the one that
/// epoll_ctl(2) has for it where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// EEXIST: this descriptor is registered: use `modify`.
    AlreadyRegistered(RawFd),
    /// ENOENT: this descriptor is not registered, or its number now means another open file.
    NotRegistered(RawFd),
    /// EBADF: this number is no open descriptor (any more).
    NotOpen(RawFd),
    /// EPERM: epoll refuses regular files and directories, which would be ready at any time.
    /// select and poll take them and report them as ready.
    NeverWaits(RawFd),
    /// EINVAL: select(2) has room for the descriptors 0 to `limit - 1`.
    NumberTooLarge {
        /// The descriptor.
        fd: RawFd,
        /// FD_SETSIZE.
        limit: usize,
    },
    /// EINVAL: this back end has no such trigger.
    NoSuchTrigger(Trigger),
    /// Anything else: ENOMEM, ENOSPC (`fs.epoll.max_user_watches`), EMFILE.
    Call(syscall::Error),
}

impl Error {
    /// The errno.
    pub fn errno(&self) -> Errno {
        match self {
            Self::AlreadyRegistered(_) => Errno::EEXIST,
            Self::NotRegistered(_) => Errno::ENOENT,
            Self::NotOpen(_) => Errno::EBADF,
            Self::NeverWaits(_) => Errno::EPERM,
            Self::NumberTooLarge { .. } | Self::NoSuchTrigger(_) => Errno::EINVAL,
            Self::Call(error) => error.errno(),
        }
    }

    /// From the errno of epoll_ctl(2).
    pub(crate) fn of_ctl(errno: Errno, fd: RawFd) -> Self {
        match errno {
            Errno::EEXIST => Self::AlreadyRegistered(fd),
            Errno::ENOENT => Self::NotRegistered(fd),
            Errno::EBADF => Self::NotOpen(fd),
            Errno::EPERM => Self::NeverWaits(fd),
            errno => Self::Call(syscall::Error::new("epoll_ctl", errno).on(fd)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyRegistered(fd) => write!(f, "descriptor {fd} is registered already")?,
            Self::NotRegistered(fd) => write!(f, "descriptor {fd} is not registered")?,
            Self::NotOpen(fd) => write!(f, "descriptor {fd} is not open")?,
            Self::NeverWaits(fd) => {
                write!(f, "descriptor {fd} is a file that is always ready: epoll refuses it")?;
            }
            Self::NumberTooLarge { fd, limit } => {
                write!(f, "descriptor {fd} is too large for select, which ends at {}", limit - 1)?;
            }
            Self::NoSuchTrigger(trigger) => {
                write!(f, "this back end has no {trigger:?} trigger")?;
            }
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
