//! A datagram as a packet. Strict where a mistake would change the meaning, lenient where it cannot:
//! an ERROR without its last NUL is an ERROR, and what follows an ACK's four bytes is nothing.

use std::fmt::{Display, Formatter};

use super::{DATA, Mode, Packet, Request};

/// Why a datagram is no packet. Its sentence serves as the words of an ERROR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Shorter than its opcode asks for.
    Short,
    /// Not one of the six.
    Opcode(u16),
    /// A name or a mode without NUL at its end.
    Unended,
    /// An option without value, or without NUL at its end.
    Options,
    /// Neither octet nor netascii.
    Mode,
}

impl Display for Malformed {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Malformed::Short => to.write_str("the packet is too short"),
            Malformed::Opcode(opcode) => write!(to, "there is no opcode {opcode}"),
            Malformed::Unended => to.write_str("a name without its end"),
            Malformed::Options => to.write_str("an option without its value or its end"),
            Malformed::Mode => to.write_str("the mode is neither octet nor netascii"),
        }
    }
}

/// The packet that a datagram is.
///
/// # Errors
/// [`Malformed`]; during a transfer RFC 1350 section 7 answers it by ERROR 4 and ends.
pub fn parse(datagram: &[u8]) -> Result<Packet<'_>, Malformed> {
    let (opcode, rest) = number(datagram)?;
    Ok(match opcode {
        1 => Packet::Read(request(rest)?),
        2 => Packet::Write(request(rest)?),
        DATA => {
            let (block, bytes) = number(rest)?;
            Packet::Data { block, bytes }
        }
        4 => Packet::Ack(number(rest)?.0),
        5 => {
            let (code, words) = number(rest)?;
            let words = words.split(|&byte| byte == 0).next().unwrap_or_default();
            Packet::Error { code, words }
        }
        6 => Packet::Oack(Pairs::of(rest)?),
        other => return Err(Malformed::Opcode(other)),
    })
}

fn request(bytes: &[u8]) -> Result<Request<'_>, Malformed> {
    let (name, rest) = string(bytes).ok_or(Malformed::Unended)?;
    let (mode, rest) = string(rest).ok_or(Malformed::Unended)?;
    // RFC 1350 section 5: any mixture of upper and lower case.
    let mode = [Mode::Octet, Mode::Netascii]
        .into_iter()
        .find(|known| mode.eq_ignore_ascii_case(known.name().as_bytes()))
        .ok_or(Malformed::Mode)?;
    Ok(Request { name, mode, options: Pairs::of(rest)? })
}

fn number(bytes: &[u8]) -> Result<(u16, &[u8]), Malformed> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Malformed::Short)?;
    Ok((u16::from_be_bytes(*number), rest))
}

/// The bytes before the first NUL, and those behind it.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// Options and their values, as they stand in a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pairs<'a>(&'a [u8]);

impl<'a> Pairs<'a> {
    /// Looks at all of them once, so that nobody has to ask later whether one is whole.
    fn of(bytes: &'a [u8]) -> Result<Pairs<'a>, Malformed> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (_, value) = string(rest).ok_or(Malformed::Options)?;
            (_, rest) = string(value).ok_or(Malformed::Options)?;
        }
        Ok(Pairs(bytes))
    }

    /// Name and value of each, in the packet's order.
    pub fn iter(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (name, behind) = string(rest)?;
            let (value, behind) = string(behind)?;
            rest = behind;
            Some((name, value))
        })
    }
}
