//! Where a request ends (RFC 9112, 6.3). The most dangerous decision of the protocol: see the lesson
//! on smuggling above.

use crate::message::fields::list;
use crate::message::{Fields, Refusal, Status, Version};

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// There is no body: neither field is there. The next request follows directly.
    None,
    /// So many bytes of content follow, perhaps 0.
    Length(u64),
    /// Chunks follow, each behind its length, and perhaps trailer fields (RFC 9112, 7.1).
    Chunked,
}

impl Framing {
    /// # Errors
    ///
    /// 400 for what has two readings, 501 for a coding that is not understood, 413 for a length that
    /// has more than 64 bits.
    pub(in crate::message) fn of(fields: &Fields<'_>, version: Version) -> Result<Self, Refusal> {
        let length = fields.at_most_one("content-length")?;
        let coding = fields.at_most_one("transfer-encoding")?;
        match (length, coding) {
            (None, None) => Ok(Self::None),
            (Some(digits), None) => length_of(digits).map(Self::Length),
            // RFC 9112, 6.1: it ought to be handled as an error.
            (Some(_), Some(_)) => Err(Refusal::bad("both Content-Length and Transfer-Encoding")),
            // RFC 9112, 6.1: somebody has passed on what he did not understand.
            (None, Some(_)) if version < Version::Http11 => {
                Err(Refusal::bad("Transfer-Encoding in HTTP/1.0"))
            }
            (None, Some(coding)) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Self::Chunked),
            (None, Some(codings)) => Err(unknown(codings)),
        }
    }
}

/// Chunks that hold something coded end somewhere, so that is only not understood; without chunks
/// around it all, the body's end cannot be found (RFC 9112, 6.1 and 6.3).
fn unknown(codings: &[u8]) -> Refusal {
    match list::members(codings).last() {
        Some(last) if last.eq_ignore_ascii_case(b"chunked") => {
            Refusal::new(Status::NotImplemented, "`chunked` is the only coding understood")
        }
        _ => Refusal::bad("`chunked` is not the last coding"),
    }
}

/// Digits and nothing else: no sign, no blank, no comma (RFC 9110, 8.6).
fn length_of(digits: &[u8]) -> Result<u64, Refusal> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::bad("Content-Length is no number"));
    }
    let more = |sum: u64, digit: &u8| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    let sum = digits.iter().try_fold(0, more);
    sum.ok_or(Refusal::new(Status::ContentTooLarge, "Content-Length has more than 64 bits"))
}
