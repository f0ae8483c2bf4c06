//! What a server says.

use super::fields::{Fields, Malformed, frame};
use super::{Code, Version};

/// A frame from a server. The [module](super) is the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// `L`
    List {
        /// How many files follow.
        count: u32,
    },
    /// `F`
    File {
        /// Bytes.
        size: u64,
        /// Seconds since 1970.
        modified: u64,
        /// Of the file.
        name: &'a [u8],
    },
    /// `G`
    Get {
        /// Of the whole file.
        size: u64,
        /// Of its content.
        version: Version,
    },
    /// `P`
    Go,
    /// `D`
    Done {
        /// CRC-32 of the whole file.
        checksum: Option<u32>,
    },
    /// `E`
    No {
        /// Why.
        code: Code,
        /// Why, for people.
        text: &'a [u8],
    },
    /// `Q`
    Bye,
}

impl<'a> Answer<'a> {
    /// Of a frame, without its length.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(frame: &'a [u8]) -> Result<Self, Malformed> {
        let (letter, mut fields) = Fields::of(frame)?;
        let answer = match letter {
            b'L' => Self::List { count: fields.array().map(u32::from_be_bytes)? },
            b'F' => Self::File {
                size: fields.number()?,
                modified: fields.number()?,
                name: fields.rest(),
            },
            b'G' => Self::Get { size: fields.number()?, version: fields.array()? },
            b'P' => Self::Go,
            b'D' => Self::Done { checksum: fields.checksum()? },
            b'E' => Self::No { code: fields.byte()?.into(), text: fields.rest() },
            b'Q' => Self::Bye,
            letter => return Err(Malformed::Letter(letter)),
        };
        fields.end().map(|()| answer)
    }

    /// The whole frame.
    pub fn to_bytes(&self) -> Vec<u8> {
        match *self {
            Self::List { count } => frame(b'L', &[&count.to_be_bytes()]),
            Self::File { size, modified, name } => {
                frame(b'F', &[&size.to_be_bytes(), &modified.to_be_bytes(), name])
            }
            Self::Get { size, ref version } => frame(b'G', &[&size.to_be_bytes(), version]),
            Self::Go => frame(b'P', &[]),
            Self::Done { checksum: Some(sum) } => frame(b'D', &[&sum.to_be_bytes()]),
            Self::Done { checksum: None } => frame(b'D', &[]),
            Self::No { code, text } => frame(b'E', &[&[code.into()], text]),
            Self::Bye => frame(b'Q', &[]),
        }
    }
}
