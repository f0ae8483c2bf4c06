//! One line of a head or a trailer: `name ":" OWS value OWS CRLF` (RFC 9112, 5).

use crate::message::{Refusal, bytes};

pub(in crate::message) enum Line {
    /// The end of the line has not come yet.
    Partial,
    /// The empty line, which is the end of the section.
    End,
    /// A field: bytes of its name, and of the line with its end.
    Field { name: usize, length: usize },
}

/// The line in front.
#[inline]
pub(in crate::message) fn line(bytes: &[u8]) -> Result<Line, Refusal> {
    let name = bytes::token(bytes);
    let Some((b':', rest)) = bytes[name..].split_first().filter(|_| name > 0) else {
        return no_name(name, &bytes[name..]);
    };
    // Blanks around the value are part of its line; whoever asks for the value leaves them out.
    let value = bytes::value(rest);
    match rest[value..] {
        [b'\r', b'\n', ..] => Ok(Line::Field { name, length: name + value + 3 }),
        [] | [b'\r'] => Ok(Line::Partial),
        [b'\r', ..] => Err(Refusal::bad("a carriage return without its line feed")),
        [b'\n', ..] => Err(Refusal::bad("a line feed without its carriage return")),
        _ => Err(Refusal::bad("a control byte in a field's value")),
    }
}

/// A line without a colon directly behind a name that is not empty: the end, or one of the ways to be
/// read differently by different people.
#[inline]
fn no_name(name: usize, rest: &[u8]) -> Result<Line, Refusal> {
    match *rest {
        [] => Ok(Line::Partial),
        [b'\r'] if name == 0 => Ok(Line::Partial),
        [b'\r', b'\n', ..] if name == 0 => Ok(Line::End),
        [b'\r', ..] if name == 0 => Err(Refusal::bad("a carriage return without its line feed")),
        [b'\n', ..] => Err(Refusal::bad("a line feed without its carriage return")),
        // A value that goes on in the next line: proxies have read it in three ways (RFC 9112, 5.2).
        [b' ' | b'\t', ..] if name == 0 => Err(Refusal::bad("a line begins with a blank")),
        // `Content-Length : 5` is one field for some and another for others (RFC 9112, 5.1).
        [b' ' | b'\t', ..] => Err(Refusal::bad("a blank between a name and its colon")),
        _ => Err(Refusal::bad("a field's name is no token, or has no colon")),
    }
}
