//! The first line: `method SP target SP version CRLF` (RFC 9112, 3), with one blank in each place.

use super::{Limits, Method, Refusal, Status, Target, Version, bytes};

/// The longest method of which it is worth to know the end. None is longer than 17 in the registry.
const METHOD: usize = 32;

pub(super) struct Line<'a> {
    pub(super) method: Method<'a>,
    pub(super) target: Target<'a>,
    pub(super) version: Version,
    /// Bytes with the end of the line.
    pub(super) length: usize,
}

/// The line in front; `None` when more has to come, or when the line is longer than allowed: who
/// asks knows which.
pub(super) fn parse<'a>(all: &'a [u8], limits: &Limits) -> Result<Option<Line<'a>>, Refusal> {
    // What is cut off is not looked at, so a refusal does not depend on how much was read at once.
    let longest = limits.line.saturating_add(2);
    let bytes = &all[..all.len().min(longest)];
    match whole(bytes)? {
        None if all.len() >= longest => {
            Err(Refusal::new(Status::UriTooLong, "the request line is too long"))
        }
        other => Ok(other),
    }
}

#[inline]
fn whole(bytes: &[u8]) -> Result<Option<Line<'_>>, Refusal> {
    let end = bytes::token(bytes);
    if end > METHOD {
        return Err(Refusal::new(Status::NotImplemented, "no method is that long"));
    }
    let (method, rest) = bytes.split_at(end);
    let rest = match rest {
        [] => return Ok(None),
        [b' ', rest @ ..] if !method.is_empty() => rest,
        _ => return Err(Refusal::bad("a request begins with a method and one blank")),
    };
    let end = bytes::target(rest);
    let (target, rest) = rest.split_at(end);
    let rest = match rest {
        [] => return Ok(None),
        [b' ', rest @ ..] => rest,
        _ => return Err(Refusal::bad("a byte that no target may have")),
    };
    let method = Method::new(method);
    let target = Target::new(method, target)?;
    if rest.starts_with(b"HTTP/1.1\r\n") {
        let length = bytes.len() - rest.len() + 10;
        return Ok(Some(Line { method, target, version: Version::Http11, length }));
    }
    let Some(version) = version(rest)? else { return Ok(None) };
    match rest[8..] {
        [] | [b'\r'] => Ok(None),
        [b'\r', b'\n', ..] => {
            let length = bytes.len() - rest.len() + 10;
            Ok(Some(Line { method, target, version, length }))
        }
        _ => Err(Refusal::bad("the version is not followed by the end of the line")),
    }
}

/// `HTTP/` DIGIT `.` DIGIT, in capitals (RFC 9112, 2.3).
fn version(bytes: &[u8]) -> Result<Option<Version>, Refusal> {
    const NAME: &[u8] = b"HTTP/";
    let odd = Refusal::bad("no version of HTTP behind the target");
    let shown = &bytes[..bytes.len().min(8)];
    match shown {
        b"HTTP/1.1" => return Ok(Some(Version::Http11)),
        b"HTTP/1.0" => return Ok(Some(Version::Http10)),
        _ => {}
    }
    let name = shown.len().min(NAME.len());
    if shown[..name] != NAME[..name] {
        return Err(odd);
    }
    match shown[name..] {
        [] => Ok(None),
        [major] if major.is_ascii_digit() => Ok(None),
        [major, b'.'] if major.is_ascii_digit() => Ok(None),
        // A higher minor version is understood by whoever understands a lower one (RFC 9110, 2.5).
        [b'1', b'.', b'2'..=b'9'] => Ok(Some(Version::Http11)),
        [major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit() => {
            Err(Refusal::new(Status::VersionNotSupported, "HTTP/1.0 and HTTP/1.1 are spoken here"))
        }
        _ => Err(odd),
    }
}
