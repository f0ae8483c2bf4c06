//! The six packets (RFC 1350 section 5, RFC 2347 section "Packet Formats").
//!
//! ```text
//! 1 RRQ, 2 WRQ   opcode  name NUL  mode NUL  (option NUL  value NUL)*
//! 3 DATA         opcode  block     0 to blksize bytes: fewer than blksize are the last
//! 4 ACK          opcode  block
//! 5 ERROR        opcode  code      words NUL
//! 6 OACK         opcode  (option NUL  value NUL)*
//! ```
//!
//! Opcode, block and code are 16 bits, big-endian.

mod code;
mod parse;
mod write;

pub use code::Code;
pub use parse::{Malformed, Pairs, parse};
pub use write::{BadRequest, Direction, ack, error, oack, request, stranger};

pub(super) const DATA: u16 = 3;

/// Opcode and block, or opcode and code.
pub const HEADER: usize = 4;

/// A request, and with it an OACK, is at most this long (RFC 2347).
pub const LONGEST_REQUEST: usize = 512;

/// What a datagram says; it borrows from the datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet<'a> {
    /// RRQ.
    Read(Request<'a>),
    /// WRQ.
    Write(Request<'a>),
    /// DATA.
    Data {
        /// The low 16 bits of the block's number; the first block is 1.
        block: u16,
        /// Fewer than blksize are the file's last.
        bytes: &'a [u8],
    },
    /// ACK of a block; 0 is that of a request or an OACK.
    Ack(u16),
    /// ERROR, the end of the transfer.
    Error {
        /// A [`Code`], or what somebody else means by it.
        code: u16,
        /// For people; without the NUL.
        words: &'a [u8],
    },
    /// OACK.
    Oack(Pairs<'a>),
}

/// What a client wants: the name as it came, which is nobody's path yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// Anything but NUL.
    pub name: &'a [u8],
    /// How the bytes are to be sent.
    pub mode: Mode,
    /// What the client asks for besides.
    pub options: Pairs<'a>,
}

/// How the bytes of a file cross the wire. RFC 1350's third mode, mail, is obsolete by its own
/// words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As they are.
    Octet,
    /// Lines end with CR LF; see [`super::netascii`].
    Netascii,
}

impl Mode {
    /// As a request says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Mode::Octet => "octet",
            Mode::Netascii => "netascii",
        }
    }
}
