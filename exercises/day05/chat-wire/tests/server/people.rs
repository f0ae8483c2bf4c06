//! Bytes and lists, for people.

use std::fmt;

/// Bytes for people, in one line.
pub fn shown(bytes: &[u8]) -> String {
    format!("{:?}", Words(bytes.into()))
}

/// As text where they are text.
#[derive(PartialEq)]
pub struct Words(pub Vec<u8>);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match std::str::from_utf8(&self.0) {
            Ok(text) => text.escape_debug().to_string(),
            Err(_) => self.0.escape_ascii().to_string(),
        };
        let count = text.chars().count();
        if count <= 120 {
            return write!(f, "\"{text}\"");
        }
        let head: String = text.chars().take(40).collect();
        let tail: String = text.chars().skip(count - 30).collect();
        write!(f, "\"{head} … {tail}\" ({} bytes)", self.0.len())
    }
}

/// A list for people.
#[derive(PartialEq)]
pub struct List(pub Vec<String>);

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("nothing"),
            list => f.write_str(&list.join(", ")),
        }
    }
}
