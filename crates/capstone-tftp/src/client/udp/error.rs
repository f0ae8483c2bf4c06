//! Why there is no file.

use std::{fmt, io};

use crate::tftp::End;
use crate::tftp::packet::BadRequest;

/// Why there is no file. Its text is half a sentence, for behind the file's name.
#[derive(Debug)]
pub enum Error {
    /// The name cannot be asked for.
    Name(BadRequest),
    /// The server said no, or did what it must not, or says nothing any more.
    Ended(End),
    /// The local file could not be read or written.
    Local(io::Error),
    /// There is no way to the server, or no socket.
    Network(syscall::Error),
    /// Somebody wanted to stop.
    Stopped,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(why) => why.fmt(f),
            Self::Ended(end) => end.fmt(f),
            Self::Local(error) => error.fmt(f),
            Self::Network(error) => error.fmt(f),
            Self::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for Error {}

impl From<BadRequest> for Error {
    fn from(why: BadRequest) -> Self {
        Self::Name(why)
    }
}

impl From<syscall::Error> for Error {
    fn from(error: syscall::Error) -> Self {
        Self::Network(error)
    }
}
