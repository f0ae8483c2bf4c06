//! From a path in a target to the name of a file: cut at the slashes, then decode, then look.

use crate::message::Refusal;

/// The name of a file under the site, not yet looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<'a> {
    /// Names with one slash between each two, none in front and none behind; empty for the site
    /// itself. No name is empty, `.` or `..`, none has a NUL; they need not be UTF-8.
    pub name: &'a [u8],
    /// Whether it ended with a slash, or with `.`: who asks means a folder.
    pub folder: bool,
}

/// Decodes a target's path into `room`, which is emptied before and can be used again.
///
/// Empty segments and `.` are left out, as if the client had removed them (RFC 3986, 5.2.4).
///
/// # Errors
///
/// 400 for a percent that is not followed by two hexadecimal digits, and for what no honest client
/// sends: NUL, an encoded slash, and `..` in any spelling (clients resolve those themselves).
pub fn clean<'room>(path: &[u8], room: &'room mut Vec<u8>) -> Result<Path<'room>, Refusal> {
    room.clear();
    let mut folder = true;
    for segment in path.split(|&byte| byte == b'/') {
        let before = room.len();
        if before > 0 {
            room.push(b'/');
        }
        let start = room.len();
        decode(segment, room)?;
        folder = match &room[start..] {
            b"" | b"." => {
                room.truncate(before);
                true
            }
            b".." => return Err(Refusal::bad("`..` in a path")),
            name if name.contains(&0) => return Err(Refusal::bad("a NUL in a path")),
            name if name.contains(&b'/') => return Err(Refusal::bad("an encoded slash")),
            _ => false,
        };
    }
    Ok(Path { name: room, folder })
}

/// Decodes one part of a URI, already cut out of it, and appends it to `out` (RFC 3986, 2.1).
///
/// # Errors
///
/// 400 for a percent that is not followed by two hexadecimal digits.
pub fn decode(part: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut rest = part;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        out.extend_from_slice(&rest[..at]);
        let byte = digit(rest.get(at + 1)).zip(digit(rest.get(at + 2)));
        let Some((high, low)) = byte else {
            return Err(Refusal::bad("a percent without two hexadecimal digits"));
        };
        out.push(high << 4 | low);
        rest = &rest[at + 3..];
    }
    out.extend_from_slice(rest);
    Ok(())
}

#[allow(clippy::cast_possible_truncation, reason = "a digit is below 16")]
fn digit(byte: Option<&u8>) -> Option<u8> {
    char::from(*byte?).to_digit(16).map(|digit| digit as u8)
}
