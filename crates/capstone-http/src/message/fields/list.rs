//! Lists: members with commas between them (RFC 9110, 5.6.1).

use crate::message::bytes;

/// The members of one line's value, without the blanks around them. Empty members do not count
/// (`a,, b` has two). A comma inside of quotes is text: `"a,b"` is one member (RFC 9110, 5.6.4).
pub fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    let all = std::iter::from_fn(move || {
        let value = rest?;
        let end = end(value);
        rest = value.get(end + 1..);
        Some(bytes::trim(&value[..end]))
    });
    all.filter(|member| !member.is_empty())
}

/// Where the first member ends.
fn end(value: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, &byte) in value.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return at,
            _ => {}
        }
    }
    value.len()
}
