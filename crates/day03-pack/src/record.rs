//! Two records with a fixed layout, as they travel: network order, no padding, every size said.
//!
//! Python's struct has format strings; here the type is the format, and the compiler checks it.

use std::fmt;

/// struct's "!ci": one byte and a 32-bit integer, 5 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) letter: u8,
    pub(crate) number: i32,
}

/// struct's "!I4sf": a 32-bit number, a text of 4 bytes, a 32-bit float, 12 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) id: u32,
    pub(crate) name: Name,
    pub(crate) level: f32,
}

impl Pair {
    pub(crate) const SIZE: usize = 5;

    pub(crate) fn pack(self) -> Vec<u8> {
        let mut out = vec![self.letter];
        out.extend_from_slice(&self.number.to_be_bytes());
        out
    }

    pub(crate) fn unpack(bytes: &[u8]) -> Result<Self, WrongSize> {
        // The length is checked here, once, and for the whole record.
        let bytes = exactly::<{ Self::SIZE }>(bytes)?;
        let [letter, number @ ..] = bytes;
        Ok(Self { letter: *letter, number: i32::from_be_bytes(*number) })
    }
}

impl Reading {
    pub(crate) const SIZE: usize = 12;

    pub(crate) fn pack(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::SIZE);
        // to_be_bytes says the order aloud: the first byte that goes out is the most significant.
        out.extend_from_slice(&self.id.to_be_bytes());
        out.extend_from_slice(&self.name.0);
        // A float is 32 bits like any other (IEEE 754): -0.0 and a NaN's bits arrive unchanged.
        out.extend_from_slice(&self.level.to_be_bytes());
        out
    }

    pub(crate) fn unpack(bytes: &[u8]) -> Result<Self, WrongSize> {
        let [i0, i1, i2, i3, name @ .., l0, l1, l2, l3] = exactly::<{ Self::SIZE }>(bytes)?;
        Ok(Self {
            id: u32::from_be_bytes([*i0, *i1, *i2, *i3]),
            name: Name(*name),
            level: f32::from_be_bytes([*l0, *l1, *l2, *l3]),
        })
    }
}

/// "4s": four bytes. A shorter text is filled up with zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name([u8; 4]);

impl Name {
    /// struct would cut a longer text without a word, perhaps in the middle of a character.
    pub(crate) fn new(text: &str) -> Result<Self, TooLong> {
        let mut bytes = [0; 4];
        let room = bytes.get_mut(..text.len()).ok_or_else(|| TooLong(text.to_owned()))?;
        room.copy_from_slice(text.as_bytes());
        Ok(Self(bytes))
    }
}

impl fmt::Display for Name {
    /// The zeros at the end are no text. What a peer sent need not be UTF-8, nor harmless.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1);
        let text = String::from_utf8_lossy(&self.0[..end]);
        let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        f.pad(&text.chars().map(shown).collect::<String>())
    }
}

/// A record has one size, and this is not it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongSize {
    wanted: usize,
    got: usize,
}

impl fmt::Display for WrongSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a record has {} bytes, and {} have come", self.wanted, self.got)
    }
}

impl std::error::Error for WrongSize {}

/// A text that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong(String);

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' has {} bytes, and there is room for 4", self.0, self.0.len())
    }
}

impl std::error::Error for TooLong {}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<&[u8; N], WrongSize> {
    bytes.try_into().map_err(|_| WrongSize { wanted: N, got: bytes.len() })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
