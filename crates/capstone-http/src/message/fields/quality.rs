//! What a client would like best: weights from 0 to 1 (RFC 9110, 12.4.2).

use super::list;
use crate::message::bytes;

/// A weight in thousandths, 0 to 1000. 0 means "not at all".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality(u16);

impl Quality {
    /// Not acceptable.
    pub const NONE: Self = Self(0);
    /// What nothing is said about.
    pub const FULL: Self = Self(1000);

    /// In thousandths.
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// `0`, `0.5`, `1.000`: at most three digits behind the point, and none above 1.
    fn parse(text: &[u8]) -> Option<Self> {
        let (whole, digits) = match text {
            [whole] => (whole, &[][..]),
            [whole, b'.', digits @ ..] if digits.len() <= 3 => (whole, digits),
            _ => return None,
        };
        let mut thousandths = match whole {
            b'0' => 0,
            b'1' => 1000,
            _ => return None,
        };
        for (digit, worth) in digits.iter().zip([100, 10, 1]) {
            thousandths += u16::from(digit.is_ascii_digit().then(|| digit - b'0')?) * worth;
        }
        (thousandths <= 1000).then_some(Self(thousandths))
    }
}

/// How much a client wants the content coding `coding`, by the lines of its `Accept-Encoding`
/// (RFC 9110, 12.5.3):
///
/// - a member with this name says it; of several the first one does;
/// - otherwise `*` speaks for all that are not named;
/// - otherwise `identity`, which means no coding, is welcome, and nothing else is;
/// - a member whose weight cannot be read counts as 0: not sending what was not asked for is safe.
///
/// `x-gzip` is another name of `gzip` (RFC 9110, 8.4.1.3).
pub fn accept_encoding<'a>(lines: impl Iterator<Item = &'a [u8]>, coding: &str) -> Quality {
    let mut others = None;
    for member in lines.flat_map(list::members) {
        let (name, quality) = weighted(member);
        if same(name, coding.as_bytes()) {
            return quality;
        }
        if name == b"*" {
            others.get_or_insert(quality);
        }
    }
    let unsaid = if coding == "identity" { Quality::FULL } else { Quality::NONE };
    others.unwrap_or(unsaid)
}

fn same(name: &[u8], coding: &[u8]) -> bool {
    let name = if name.eq_ignore_ascii_case(b"x-gzip") { b"gzip" } else { name };
    name.eq_ignore_ascii_case(coding)
}

/// `name OWS ";" OWS "q=" weight`; without a weight it is 1.
fn weighted(member: &[u8]) -> (&[u8], Quality) {
    let Some(at) = member.iter().position(|&byte| byte == b';') else {
        return (member, Quality::FULL);
    };
    let (name, rest) = (bytes::trim(&member[..at]), bytes::trim(&member[at + 1..]));
    let quality = match rest {
        [b'q' | b'Q', b'=', weight @ ..] => Quality::parse(weight),
        _ => None,
    };
    (name, quality.unwrap_or(Quality::NONE))
}
