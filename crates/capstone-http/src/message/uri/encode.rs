//! Names as parts of a URI: for links in listings, and for Location (RFC 3986, 2.1).

/// Appends one segment. Everything but the unreserved characters is encoded, slashes too, so that
/// what is appended means the same in every place of a URI, in HTML, and in a field.
pub fn encode(name: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in name {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte);
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)]);
            out.extend_from_slice(&[b'%', high, low]);
        }
    }
}

/// Appends `/` and a path of segments with slashes between them, as [`clean`](super::clean) gives it.
/// There is one slash in front: `//host` would be another site (RFC 3986, 4.2).
pub fn encode_path(name: &[u8], out: &mut Vec<u8>) {
    for segment in name.split(|&byte| byte == b'/').filter(|segment| !segment.is_empty()) {
        out.push(b'/');
        encode(segment, out);
    }
    if name.is_empty() {
        out.push(b'/');
    }
}
