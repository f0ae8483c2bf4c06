//! Why serving ended early.

use std::{fmt, io};

use syscall::Errno;

/// The result of serving.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the server itself. One client's failure is never one of the server:
/// [`End::Failed`](crate::End::Failed).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// From fork(2): above all, [`process::Error::Threads`] in a process that has threads.
    Process(process::Error),
    /// From the pool: no workers, no thread.
    Pool(threads::pool::StartError),
    /// From the event loop.
    Poller(multiplex::Error),
    /// Anything else: EMFILE when serving begins, an accept(2) that will fail for ever (EBADF,
    /// EINVAL).
    Call(syscall::Error),
}

impl Error {
    /// The errno.
    pub fn errno(&self) -> Errno {
        match self {
            Self::Process(error) => error.errno(),
            Self::Pool(error) => error.errno(),
            Self::Poller(error) => error.errno(),
            Self::Call(error) => error.errno(),
        }
    }

    /// Too many processes, descriptors or watches, too little memory: this passes.
    pub(crate) fn is_transient(&self) -> bool {
        use Errno::{EAGAIN, EMFILE, ENFILE, ENOMEM, ENOSPC};
        matches!(self.errno(), EAGAIN | EMFILE | ENFILE | ENOMEM | ENOSPC)
    }

    fn inner(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        match self {
            Self::Process(error) => error,
            Self::Pool(error) => error,
            Self::Poller(error) => error,
            Self::Call(error) => error,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.inner(), f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner().source()
    }
}

impl From<Error> for io::Error {
    /// Keeps the whole error as the payload; `kind()` is that of the errno.
    fn from(error: Error) -> Self {
        Self::new(Self::from(error.errno()).kind(), error)
    }
}

impl From<process::Error> for Error {
    fn from(error: process::Error) -> Self {
        Self::Process(error)
    }
}

impl From<threads::pool::StartError> for Error {
    fn from(error: threads::pool::StartError) -> Self {
        Self::Pool(error)
    }
}

impl From<multiplex::Error> for Error {
    fn from(error: multiplex::Error) -> Self {
        Self::Poller(error)
    }
}

impl From<syscall::Error> for Error {
    fn from(error: syscall::Error) -> Self {
        Self::Call(error)
    }
}
