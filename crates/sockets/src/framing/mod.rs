//! Messages out of a byte stream.
//!
//! TCP keeps the order of bytes and nothing else: two sends may arrive as one read (they "stick"),
//! and one send as many. A protocol on top of it needs framing: [`Lines`] ends each message with
//! a mark, [`Lengths`] puts its length in front. Both are pure: bytes are pushed in as they come,
//! messages are taken out, and no call here ever waits.
//!
//! Both have a limit, because the peer decides how long a message is and we how much memory it
//! may cost.

mod length;
mod line;

use std::fmt;

use bytes::Bytes;

pub use length::Lengths;
pub use line::Lines;

/// Why there is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The message is longer than the limit, in bytes.
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// The stream ended inside a message, of which `have` bytes had come.
    Truncated {
        /// Bytes of the unfinished message.
        have: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { limit } => write!(f, "the message is longer than {limit} bytes"),
            Self::Truncated { have } => {
                write!(f, "the stream ended after {have} bytes of an unfinished message")
            }
        }
    }
}

impl std::error::Error for Error {}

/// A way to cut a byte stream into messages.
pub trait Decoder {
    /// Takes bytes as they came from the stream, in any portions.
    fn push(&mut self, bytes: &[u8]);

    /// The next whole message, `None` when more bytes are needed first. Ask until `None`: one
    /// push may have completed many.
    ///
    /// # Errors
    /// [`Error::TooLong`]; each codec says whether it can go on behind such a message.
    fn next(&mut self) -> Result<Option<Bytes>, Error>;

    /// Says that the stream has ended: what is left may be a message, nothing, or half of one.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::TooLong`].
    fn finish(&mut self) -> Result<Option<Bytes>, Error>;
}
