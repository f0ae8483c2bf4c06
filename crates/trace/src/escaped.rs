//! Bytes as a text that people can read and that gives the same bytes back: what is UTF-8 stays as
//! it is, a backslash is doubled, and every other byte and control character is `\xNN`.

use std::fmt::Write as _;

use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde::ser::Serializer;

pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&escape(bytes))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    unescape(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is not escaped bytes")))
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let raw = |text: &mut String, byte: u8| {
        // Writing to a String does not fail.
        let _ = write!(text, "\\x{byte:02x}");
    };
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\\' => text.push_str("\\\\"),
                '\n' | '\r' | '\t' => text.push(char),
                // These are single bytes; other control characters have two and stay.
                '\0'..' ' | '\x7f' => raw(&mut text, char as u8),
                _ => text.push(char),
            }
        }
        for &byte in chunk.invalid() {
            raw(&mut text, byte);
        }
    }
    text
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('\\');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    while let Some(part) = parts.next() {
        if part.is_empty() {
            // A doubled backslash: what follows the second one is plain.
            bytes.push(b'\\');
            bytes.extend_from_slice(parts.next()?.as_bytes());
            continue;
        }
        let digits = part.strip_prefix('x')?.get(..2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(part.get(3..)?.as_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_readable() {
        for (bytes, text) in [
            (&b"GET / HTTP/1.1\r\n"[..], "GET / HTTP/1.1\r\n"),
            ("再见".as_bytes(), "再见"),
            (b"\0\0\0\x05hello", "\\x00\\x00\\x00\\x05hello"),
            (b"\xff\xe5\x86", "\\xff\\xe5\\x86"),
            (b"a\\x41\\", "a\\\\x41\\\\"),
            (b"", ""),
        ] {
            assert_eq!(escape(bytes), text);
            assert_eq!(unescape(text).as_deref(), Some(bytes));
        }
    }

    #[test]
    fn all_pairs_of_bytes_come_back() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let bytes = [first, second, b'\\', first];
                assert_eq!(unescape(&escape(&bytes)).as_deref(), Some(&bytes[..]));
            }
        }
    }

    #[test]
    fn what_was_not_escaped_here_is_refused() {
        for wrong in ["\\", "\\n", "\\x", "\\x4", "\\xg0", "\\x+1", "\\\\\\"] {
            assert_eq!(unescape(wrong), None, "{wrong}");
        }
    }
}
