//! The head of a request: bytes in, value out, in one pass and without a copy.

use super::fields::{self, Line};
use super::{Fields, Framing, Head, Limits, Refusal, Status, Target, Version, line, uri};

/// What the bytes in front are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "it is looked at and gone; a box would be allocated")]
pub enum Parsed<'a> {
    /// The beginning of a head: more has to be read.
    Partial,
    /// A whole head.
    Done {
        /// As it was understood.
        head: Head<'a>,
        /// Bytes that it took; what lies behind them is its body, or the next request.
        length: usize,
    },
}

/// Reads the head in front of `bytes`.
///
/// The answer for some bytes is never taken back when more come: it is `Partial` until it is
/// something else, and that it stays.
///
/// # Errors
///
/// A [`Refusal`] says how to answer; the connection ends behind that answer.
pub fn parse<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Parsed<'a>, Refusal> {
    // Lines are counted in 16 bits; what is cut off is never looked at.
    let most = limits.head.min(usize::from(u16::MAX));
    let is_full = bytes.len() >= most;
    let bytes = &bytes[..bytes.len().min(most)];
    // More may come, unless there is no room for it.
    let partial = || {
        let full = Refusal::new(Status::FieldsTooLarge, "the head is too long");
        if is_full { Err(full) } else { Ok(Parsed::Partial) }
    };
    // Old clients send an empty line behind a body; one is passed over (RFC 9112, 2.2).
    let start = match bytes {
        [] | [b'\r'] => return partial(),
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    };
    let Some(line) = line::parse(&bytes[start..], limits)? else { return partial() };
    let (method, target, version) = (line.method, line.target, line.version);
    let fields = Fields::new(bytes);
    let mut head = Head { method, target, version, fields, framing: Framing::None, host: None };
    let mut at = start + line.length;
    loop {
        match fields::line(&bytes[at..])? {
            Line::Partial => return partial(),
            Line::End => break,
            Line::Field { name, length } => {
                head.fields.push(at, name, limits.fields)?;
                at += length;
            }
        }
    }
    head.fields.end(at);
    head.framing = Framing::of(&head.fields, version)?;
    head.host = host(&head.fields, target, version)?;
    Ok(Parsed::Done { head, length: at + 2 })
}

/// As [`parse`], for who was told `Partial` when only `seen` of these bytes were there.
///
/// A client that sends its head byte by byte would make us read it again for every byte. Only a line
/// feed ends a line, and so a head: as long as none has come, nothing but the limits has to be looked
/// at, and no head has more lines than fields are allowed.
///
/// # Errors
///
/// As [`parse`]; a mistake may be noticed later, at the end of its line.
pub fn parse_again<'a>(
    bytes: &'a [u8],
    seen: usize,
    limits: &Limits,
) -> Result<Parsed<'a>, Refusal> {
    let new = bytes.get(seen..).unwrap_or_default();
    let line = &bytes[..bytes.len().min(limits.line)];
    let in_limits =
        bytes.len() < limits.head && (line.len() < limits.line || line.contains(&b'\n'));
    if seen > 0 && in_limits && !new.contains(&b'\n') {
        return Ok(Parsed::Partial);
    }
    parse(bytes, limits)
}

/// RFC 9112, 3.2: one address may carry many sites, so HTTP/1.1 demands that the client says which,
/// once. Two answers, or one that is no host, are refused by every version.
fn host<'a>(
    fields: &Fields<'a>,
    target: Target<'a>,
    version: Version,
) -> Result<Option<&'a [u8]>, Refusal> {
    let field = fields.at_most_one("host")?;
    match field {
        None if version == Version::Http11 => return Err(Refusal::bad("HTTP/1.1 without Host")),
        Some(host) if !uri::is_authority(host) && !host.is_empty() => {
            return Err(Refusal::bad("Host is no host"));
        }
        _ => {}
    }
    match target {
        Target::Absolute { authority, .. } | Target::Authority(authority) => Ok(Some(authority)),
        _ => Ok(field),
    }
}
