//! `host [ ":" port ]` (RFC 3986, 3.2): of Host, of absolute targets, of CONNECT.

use crate::message::bytes;

/// Whether this is a host, perhaps with a port: a name, an IPv4 address, or `[…]` around an IPv6 one.
/// Nothing in front of an `@`, and no byte that would mean something in another place. The port may be
/// empty behind its colon; that is so in RFC 3986.
pub fn is_authority(text: &[u8]) -> bool {
    let (host_is_good, rest) = if text.first() == Some(&b'[') {
        let Some(end) = text.iter().position(|&byte| byte == b']') else { return false };
        let inside = |&byte: &u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
        (end > 1 && text[1..end].iter().all(inside), &text[end + 1..])
    } else {
        let end = bytes::host(text);
        (end > 0, &text[end..])
    };
    let port_is_good = match rest {
        [] => true,
        [b':', port @ ..] => port.len() <= 5 && port.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    host_is_good && port_is_good
}
