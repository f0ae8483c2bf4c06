//! The body of a request: how its end is known, and what of its bytes is content.
//!
//! - `framing.rs` decides, from the head alone: none, so many bytes, or chunks;
//! - `chunk.rs` reads the line in front of a chunk;
//! - `decoder.rs` goes along the bytes as they come.
//!
//! ```text
//! 5;why=because\r\n       a chunk's length, hexadecimal, and an extension that nobody reads
//! hello\r\n               its content, and an end that is counted by nobody but must be there
//! 0\r\n                   the last chunk
//! Digest: abc\r\n         a trailer field
//! \r\n                    the end: what comes now is another request
//! ```

mod chunk;
mod decoder;
mod framing;

pub use decoder::Body;
pub use framing::Framing;

use super::Field;

/// What came out of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'b> {
    /// Nothing yet: the bytes that were not used have to be shown again, with more behind them.
    Partial,
    /// A part of the content.
    Data(&'b [u8]),
    /// A field behind the last chunk. It is never merged into the head: who checked the head has not
    /// seen it (RFC 9110, 6.5.1).
    Trailer(Field<'b>),
    /// The body is over; what was not used is the next request.
    End,
}

/// A step of [`Body::feed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fed<'b> {
    /// How many of the bytes are done with.
    pub used: usize,
    /// What they were.
    pub piece: Piece<'b>,
}
