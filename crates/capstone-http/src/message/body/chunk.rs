//! The line in front of a chunk: its length in hexadecimal digits, and extensions (RFC 9112, 7.1).

use crate::message::{Refusal, bytes};

/// The length of the chunk and the length of the line, once it is there.
///
/// # Errors
///
/// 400 for anything but digits and well-formed extensions, for a length of more than 64 bits, and
/// for a line of more than `longest` bytes. Without that limit a client could send extensions for
/// ever, and no content at all.
pub(super) fn line(all: &[u8], longest: usize) -> Result<Option<(u64, usize)>, Refusal> {
    let bytes = &all[..all.len().min(longest)];
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let more = |sum: u64, byte: &u8| {
        let digit = char::from(*byte).to_digit(16)?;
        Some(sum.checked_mul(16)? + u64::from(digit))
    };
    let size = bytes[..digits].iter().try_fold(0, more);
    let size = size.ok_or(Refusal::bad("a chunk's length has more than 64 bits"))?;
    if digits == 0 && !bytes.is_empty() {
        return Err(Refusal::bad("a chunk begins with its length, in hexadecimal digits"));
    }
    match extensions(&bytes[digits..])? {
        Some(length) => Ok(Some((size, digits + length))),
        None if all.len() >= longest => Err(Refusal::bad("the line of a chunk is too long")),
        None => Ok(None),
    }
}

/// `*( BWS ";" BWS name [ BWS "=" BWS value ] ) CRLF`, of which nothing is used (RFC 9112, 7.1.1).
/// The length with the end of the line; `None` while that has not come.
fn extensions(bytes: &[u8]) -> Result<Option<usize>, Refusal> {
    let mut at = 0;
    loop {
        // Blanks may stand in front of a semicolon, and of nothing else.
        let blanks = blanks(&bytes[at..]);
        match bytes[at + blanks..] {
            [] => return Ok(None),
            [b'\r'] if blanks == 0 => return Ok(None),
            [b'\r', b'\n', ..] if blanks == 0 => return Ok(Some(at + 2)),
            [b';', ..] => at += blanks + 1,
            _ => return Err(Refusal::bad("the length of a chunk is followed by something else")),
        }
        let Some(length) = extension(&bytes[at..])? else { return Ok(None) };
        at += length;
    }
}

/// `BWS name [ BWS "=" BWS value ]`. `None` while its end has not come.
fn extension(bytes: &[u8]) -> Result<Option<usize>, Refusal> {
    const BAD: Refusal = Refusal::bad("an extension of a chunk is malformed");
    let mut at = blanks(bytes);
    let name = bytes::token(&bytes[at..]);
    at += name;
    if at == bytes.len() {
        return Ok(None);
    }
    if name == 0 {
        return Err(BAD);
    }
    let gap = blanks(&bytes[at..]);
    match bytes.get(at + gap) {
        Some(b'=') => at += gap + 1,
        // The blanks belong to whatever comes next, which may not have come.
        _ => return Ok(Some(at)),
    }
    at += blanks(&bytes[at..]);
    let rest = &bytes[at..];
    let value = match rest {
        [] => return Ok(None),
        [b'"', ..] => match quoted(rest)? {
            None => return Ok(None),
            Some(length) => length,
        },
        _ => bytes::token(rest),
    };
    match value {
        0 => Err(BAD),
        length => Ok(Some(at + length)),
    }
}

/// A quoted string with both quotes (RFC 9110, 5.6.4). No line ends inside of one.
fn quoted(bytes: &[u8]) -> Result<Option<usize>, Refusal> {
    let mut escaped = false;
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            0..0x20 | 0x7f if byte != b'\t' => {
                return Err(Refusal::bad("a control byte in a quoted string"));
            }
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Ok(Some(at + 1)),
            _ => {}
        }
    }
    Ok(None)
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| bytes::is_blank(**byte)).count()
}
