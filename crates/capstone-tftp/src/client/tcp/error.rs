//! Why something was not done.

use std::fmt;
use std::io::{self, ErrorKind};

use crate::wire::Code;

/// Why something was not done. As text, the reason only: which file, says the caller.
#[derive(Debug)]
pub enum Error {
    /// The server has said no.
    Refused {
        /// Why.
        code: Code,
        /// Why, for people; from a stranger.
        text: String,
    },
    /// The same in the middle of an upload, whose rest was not sent.
    Cut {
        /// Why.
        code: Code,
        /// Why, for people; from a stranger.
        text: String,
    },
    /// The name is too long for the protocol.
    Name,
    /// What came has another checksum than what was sent.
    Checksum,
    /// Progress has said so.
    Stopped,
    /// The caller's own file.
    Local(io::Error),
    /// The connection: nobody there, ended in the middle, silent for too long.
    Network(io::Error),
    /// What came is not this protocol.
    Nonsense(String),
}

impl Error {
    /// Whether the connection is of no use any more.
    pub fn breaks(&self) -> bool {
        match self {
            Self::Refused { code, .. } => *code == Code::Malformed,
            Self::Name | Self::Checksum => false,
            Self::Cut { .. }
            | Self::Stopped
            | Self::Local(_)
            | Self::Network(_)
            | Self::Nonsense(_) => true,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { text, .. } | Self::Cut { text, .. } => {
                service::harmless(text.as_bytes()).fmt(f)
            }
            Self::Name => f.write_str("the name is too long"),
            Self::Checksum => f.write_str("what has come has another checksum"),
            Self::Stopped => f.write_str("stopped"),
            Self::Local(error) => error.fmt(f),
            Self::Network(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => f.write_str("the server is silent"),
                ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => {
                    f.write_str("the connection has ended in the middle")
                }
                _ => error.fmt(f),
            },
            Self::Nonsense(what) => write!(f, "the other side speaks another protocol: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Local(error) | Self::Network(error) => Some(error),
            _ => None,
        }
    }
}
