//! The fields of a frame, one behind the other.

use std::fmt;

/// Why bytes are no frame of this protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A frame without a byte.
    Empty,
    /// A letter that nobody knows, or not from this side.
    Letter(u8),
    /// A field is missing, or something follows the last one.
    Fields(u8),
    /// A flag that nobody knows.
    Flags(u8),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a frame is empty"),
            Self::Letter(letter) => {
                write!(f, "no frame begins with '{}'", letter.escape_ascii())
            }
            Self::Fields(letter) => {
                write!(f, "a frame '{}' has other fields", letter.escape_ascii())
            }
            Self::Flags(flags) => write!(f, "the flags {flags:#04x} are unknown"),
        }
    }
}

impl std::error::Error for Malformed {}

/// What is left of a frame.
pub(super) struct Fields<'a> {
    letter: u8,
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The letter, and what follows it.
    pub(super) fn of(frame: &'a [u8]) -> Result<(u8, Self), Malformed> {
        let (&letter, rest) = frame.split_first().ok_or(Malformed::Empty)?;
        Ok((letter, Self { letter, rest }))
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (field, rest) = self.rest.split_first_chunk().ok_or(Malformed::Fields(self.letter))?;
        self.rest = rest;
        Ok(*field)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn number(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// Whether the flags ask for the checksum.
    pub(super) fn flags(&mut self) -> Result<bool, Malformed> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            flags => Err(Malformed::Flags(flags)),
        }
    }

    /// A checksum, or nothing.
    pub(super) fn checksum(&mut self) -> Result<Option<u32>, Malformed> {
        if self.rest.is_empty() { Ok(None) } else { self.array().map(u32::from_be_bytes).map(Some) }
    }

    /// A name or a text.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// Nothing follows.
    pub(super) fn end(self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::Fields(self.letter)) }
    }
}

/// A whole frame: its length, its letter, and these fields.
pub(super) fn frame(letter: u8, fields: &[&[u8]]) -> Vec<u8> {
    let length = 1 + fields.iter().map(|field| field.len()).sum::<usize>();
    // What is too long for the number is too long for the protocol, and its other side says so.
    let mut bytes = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    bytes.push(letter);
    bytes.extend(fields.iter().copied().flatten());
    bytes
}
