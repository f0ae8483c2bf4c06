//! What a member sends: a letter, a blank, a name, and for `C` a blank and the text.

use std::fmt;
use std::str;

/// A request, as it came: nothing says yet that the name is its sender's, or a name at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// `L name`
    Login {
        /// Not looked at yet; may be empty.
        name: &'a str,
    },
    /// `C name text`
    Chat {
        /// Whose words these are.
        name: &'a str,
        /// With all its blanks; may be empty.
        text: &'a str,
    },
    /// `Q name`
    Quit {
        /// Who leaves.
        name: &'a str,
    },
}

/// Why bytes are no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They are not UTF-8: garbage, a surrogate, or a character that was cut in the middle.
    NotUtf8,
    /// They begin with no word of this protocol.
    NoSuchRequest,
    /// `L`, `C` or `Q` with nothing behind it, or a `C` or `Q` whose name is empty.
    NoName,
}

impl<'a> Request<'a> {
    /// Reads a datagram. Fields are separated by ONE blank, so that in the text of `C` blanks count;
    /// what follows the name of `L` or `Q` behind a blank means nothing.
    ///
    /// # Errors
    /// [`Malformed`]. `L` with an empty name is none: somebody pressed Enter and waits for an answer.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Malformed> {
        let line = str::from_utf8(datagram).map_err(|_| Malformed::NotUtf8)?;
        let (kind, rest) = match line.split_once(' ') {
            Some((kind, rest)) => (kind, Some(rest)),
            None => (line, None),
        };
        if !matches!(kind, "L" | "C" | "Q") {
            return Err(Malformed::NoSuchRequest);
        }
        let rest = rest.ok_or(Malformed::NoName)?;
        let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
        match kind {
            "L" => Ok(Self::Login { name }),
            _ if name.is_empty() => Err(Malformed::NoName),
            "C" => Ok(Self::Chat { name, text }),
            _ => Ok(Self::Quit { name }),
        }
    }

    /// Appends its bytes. A text goes out even when it is empty: `C name ` with the blank, as the
    /// course's client sends it.
    pub fn push_to(&self, out: &mut Vec<u8>) {
        let parts = match *self {
            Self::Login { name } => ["L ", name, "", ""],
            Self::Chat { name, text } => ["C ", name, " ", text],
            Self::Quit { name } => ["Q ", name, "", ""],
        };
        for part in parts {
            out.extend_from_slice(part.as_bytes());
        }
    }

    /// Its bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.push_to(&mut bytes);
        bytes
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUtf8 => "it is not UTF-8",
            Self::NoSuchRequest => "it begins with none of L, C and Q",
            Self::NoName => "it has no name",
        })
    }
}

impl std::error::Error for Malformed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_and_back() {
        for (bytes, request) in [
            ("L ann", Request::Login { name: "ann" }),
            ("C ann hello  world ", Request::Chat { name: "ann", text: "hello  world " }),
            ("C 张三 你好", Request::Chat { name: "张三", text: "你好" }),
            ("C ann ", Request::Chat { name: "ann", text: "" }),
            ("Q ann", Request::Quit { name: "ann" }),
            ("L ", Request::Login { name: "" }),
        ] {
            assert_eq!(Request::parse(bytes.as_bytes()), Ok(request));
            assert_eq!(request.to_vec(), bytes.as_bytes());
        }
        assert_eq!(Request::parse(b"C ann"), Ok(Request::Chat { name: "ann", text: "" }));
        assert_eq!(Request::parse(b"L ann lee"), Ok(Request::Login { name: "ann" }));
    }

    #[test]
    fn each_mistake_has_its_reason() {
        for (bytes, reason) in [
            (&b""[..], Malformed::NoSuchRequest),
            (b"hello", Malformed::NoSuchRequest),
            (b"l ann", Malformed::NoSuchRequest),
            (b" L ann", Malformed::NoSuchRequest),
            (b"LL ann", Malformed::NoSuchRequest),
            (b"L", Malformed::NoName),
            (b"C", Malformed::NoName),
            (b"Q", Malformed::NoName),
            (b"C  text", Malformed::NoName),
            (b"Q ", Malformed::NoName),
            (b"\xff\xfe", Malformed::NotUtf8),
            // A character of three bytes, cut; a surrogate, which UTF-8 has no place for.
            (b"C ann \xe4\xbd", Malformed::NotUtf8),
            (b"C ann \xed\xa0\x80", Malformed::NotUtf8),
        ] {
            assert_eq!(Request::parse(bytes), Err(reason), "{}", bytes.escape_ascii());
        }
    }
}
