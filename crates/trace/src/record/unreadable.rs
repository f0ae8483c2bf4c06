//! What is wrong with a file that is no recording, in a sentence.

use std::{fmt, io};

use super::Recording;

/// Why a file is not played.
#[derive(Debug)]
pub enum Unreadable {
    /// It could not be read at all.
    Io(io::Error),
    /// It ends in the middle.
    Truncated {
        /// Its last line.
        line: usize,
    },
    /// It is something else, JSON or not.
    Foreign,
    /// It is a recording of a version that is not known here.
    Version(u32),
    /// It says that it is a recording of this version, and is none.
    Broken {
        /// Where the mistake is.
        line: usize,
        /// What it is.
        reason: String,
    },
    /// Something in it refers to what is not there: what, and where.
    Inconsistent(String),
    /// It is so large that it is not even looked at.
    TooLarge,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Truncated { line } => {
                write!(f, "the recording is cut off: it ends in the middle, in line {line}")
            }
            Self::Foreign => f.write_str("this is no recording"),
            Self::Version(version) => write!(
                f,
                "the recording has version {version} and only version {} can be played: \
                 record it again",
                Recording::VERSION
            ),
            Self::Broken { line, reason } => {
                write!(f, "the recording is damaged in line {line}: {reason}")
            }
            Self::Inconsistent(reason) => write!(f, "the recording is damaged: {reason}"),
            Self::TooLarge => f.write_str("this is larger than any recording"),
        }
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io(error) = self { Some(error) } else { None }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
