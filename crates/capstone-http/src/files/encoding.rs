//! Which of a file's precompressed twins a client gets (RFC 9110, 12.5.3).

use crate::message::Fields;
use crate::message::fields::quality::accept_encoding;

/// How the bytes of a representation are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// `.gz` (RFC 1952).
    Gzip,
    /// `.br` (RFC 7932).
    Brotli,
    /// `.zst` (RFC 8878).
    Zstd,
}

impl Coding {
    /// Those of a file's twins.
    pub const TWINS: [Self; 3] = [Self::Gzip, Self::Brotli, Self::Zstd];

    /// Its name in Content-Encoding.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// What the twin's name ends in.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
        }
    }
}

/// The one of these (coding, size) that the client likes best, by its Accept-Encoding; of those
/// that it likes equally the smallest.
///
/// The file as it is, when the client does not speak of it, comes after all that it asks for. And
/// who takes nothing of what there is gets it, too: an answer that is perhaps not wanted is better
/// than none (RFC 9110, 12.4.1).
pub fn choose(fields: &Fields<'_>, available: impl Iterator<Item = (Coding, u64)>) -> Coding {
    const NAME: &str = "accept-encoding";
    let speaks = |member: &[u8]| {
        let start = member.get(..8).unwrap_or_default();
        start.eq_ignore_ascii_case(b"identity") || member.starts_with(b"*")
    };
    let asked = |coding: Coding| match coding.token() {
        None if !fields.list(NAME).any(speaks) => 1,
        token => accept_encoding(fields.all(NAME), token.unwrap_or("identity")).thousandths(),
    };
    available
        .map(|(coding, size)| (asked(coding), u64::MAX - size, coding))
        .filter(|&(quality, ..)| quality > 0)
        .max_by_key(|&(quality, smallness, _)| (quality, smallness))
        .map_or(Coding::Identity, |(.., coding)| coding)
}
