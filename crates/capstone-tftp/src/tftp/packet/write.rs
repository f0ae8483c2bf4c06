//! Packets as bytes. DATA is not here: its payload is read right behind its header, in
//! [`super::super::Sender`].

use std::fmt::{Display, Formatter};

use super::{Code, HEADER, LONGEST_REQUEST, Mode};

/// Which way a file goes, seen from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// RRQ: from the server.
    Read,
    /// WRQ: to the server.
    Write,
}

/// Why a name cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRequest {
    /// The name contains a NUL, which would end it.
    Nul,
    /// The request would be longer than 512 bytes.
    TooLong,
}

impl Display for BadRequest {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        to.write_str(match self {
            BadRequest::Nul => "a name with a NUL cannot be asked for",
            BadRequest::TooLong => "the name is too long to be asked for",
        })
    }
}

impl std::error::Error for BadRequest {}

/// RRQ or WRQ, with the options as [`super::super::options::Ask::pairs`] writes them.
///
/// # Errors
/// [`BadRequest`], because of the name.
pub fn request(
    direction: Direction,
    name: &[u8],
    mode: Mode,
    pairs: &[u8],
) -> Result<Vec<u8>, BadRequest> {
    if name.contains(&0) {
        return Err(BadRequest::Nul);
    }
    let opcode = match direction {
        Direction::Read => 1,
        Direction::Write => 2,
    };
    let packet = [&[0, opcode], name, &[0], mode.name().as_bytes(), &[0], pairs].concat();
    if packet.len() > LONGEST_REQUEST { Err(BadRequest::TooLong) } else { Ok(packet) }
}

/// ACK of a block.
#[must_use]
pub fn ack(block: u16) -> [u8; HEADER] {
    let [high, low] = block.to_be_bytes();
    [0, 4, high, low]
}

/// OACK, of which at least one option was accepted.
#[must_use]
pub fn oack(pairs: &[u8]) -> Vec<u8> {
    [&[0, 6], pairs].concat()
}

/// ERROR. Words with a NUL end there.
#[must_use]
pub fn error(code: Code, words: &str) -> Vec<u8> {
    let words = words.split('\0').next().unwrap_or_default();
    [&[0, 5], &code.number().to_be_bytes(), words.as_bytes(), &[0]].concat()
}

/// What a stranger's packet is answered by, at a socket that has its peer already (RFC 1350
/// section 4). An ERROR is answered by nothing, nor is what is too short to say what it is: two
/// sides that complained to each other about complaints would never end.
#[must_use]
pub fn stranger(datagram: &[u8]) -> Option<Vec<u8>> {
    match datagram {
        [] | [_] | [0, 5, ..] => None,
        _ => Some(error(Code::UnknownId, "no transfer of yours is here")),
    }
}
