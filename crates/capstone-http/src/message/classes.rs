//! Which bytes may stand where: one table for all classes, a bit for each.

/// Part of a token: a method, a field's name (RFC 9110, 5.6.2).
pub(super) const TOKEN: u8 = 1;
/// Part of a request target.
pub(super) const TARGET: u8 = 2;
/// Part of a host's name (RFC 3986, 3.2.2): unreserved, sub-delims, the percent of an encoded byte.
pub(super) const HOST: u8 = 4;

/// The classes of every byte. A control byte, the blank and everything above ASCII has none.
pub(super) const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0x21_u8;
    while byte < 0x7f {
        table[byte as usize] = if byte.is_ascii_alphanumeric() {
            TOKEN | TARGET | HOST
        } else {
            classes_of_sign(byte)
        };
        byte += 1;
    }
    table
};

const fn classes_of_sign(byte: u8) -> u8 {
    match byte {
        b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'*' | b'+' | b'%' => {
            TOKEN | TARGET | HOST
        }
        // RFC 3986 has no `|`, `^` and backquote, but browsers send them as they are.
        b'|' | b'^' | b'`' => TOKEN | TARGET,
        b'(' | b')' | b',' | b';' | b'=' => TARGET | HOST,
        // A fragment is never sent, so a target has no `#`, although a token may.
        b'#' => TOKEN,
        // No URI has these, and browsers encode them.
        b'"' | b'<' | b'>' => 0,
        // What is left delimits: / : ? @ [ \ ] { }.
        _ => TARGET,
    }
}
