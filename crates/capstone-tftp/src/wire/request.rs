//! What a client says.

use super::Version;
use super::fields::{Fields, Malformed, frame};

/// A frame from a client. The [module](super) is the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// `L`
    List,
    /// `S`
    State {
        /// Of the file.
        name: &'a [u8],
    },
    /// `G`
    Get {
        /// Whether `D` shall have one.
        checksum: bool,
        /// How many bytes are there already.
        offset: u64,
        /// Of which content they are.
        version: Version,
        /// Of the file.
        name: &'a [u8],
    },
    /// `P`
    Put {
        /// Whether `D` will have one.
        checksum: bool,
        /// How many bytes of content will follow.
        size: u64,
        /// For the file.
        name: &'a [u8],
    },
    /// `D`
    Done {
        /// CRC-32 of the content.
        checksum: Option<u32>,
    },
    /// `Q`
    Quit,
}

impl<'a> Request<'a> {
    /// Of a frame, without its length.
    ///
    /// # Errors
    /// [`Malformed`]: code 0 of the protocol.
    pub fn parse(frame: &'a [u8]) -> Result<Self, Malformed> {
        let (letter, mut fields) = Fields::of(frame)?;
        let request = match letter {
            b'L' => Self::List,
            b'S' => Self::State { name: fields.rest() },
            b'G' => Self::Get {
                checksum: fields.flags()?,
                offset: fields.number()?,
                version: fields.array()?,
                name: fields.rest(),
            },
            b'P' => {
                Self::Put { checksum: fields.flags()?, size: fields.number()?, name: fields.rest() }
            }
            b'D' => Self::Done { checksum: fields.checksum()? },
            b'Q' => Self::Quit,
            letter => return Err(Malformed::Letter(letter)),
        };
        fields.end().map(|()| request)
    }

    /// The whole frame.
    pub fn to_bytes(&self) -> Vec<u8> {
        match *self {
            Self::List => frame(b'L', &[]),
            Self::State { name } => frame(b'S', &[name]),
            Self::Get { checksum, offset, ref version, name } => {
                frame(b'G', &[&[u8::from(checksum)], &offset.to_be_bytes(), version, name])
            }
            Self::Put { checksum, size, name } => {
                frame(b'P', &[&[u8::from(checksum)], &size.to_be_bytes(), name])
            }
            Self::Done { checksum: Some(sum) } => frame(b'D', &[&sum.to_be_bytes()]),
            Self::Done { checksum: None } => frame(b'D', &[]),
            Self::Quit => frame(b'Q', &[]),
        }
    }
}
