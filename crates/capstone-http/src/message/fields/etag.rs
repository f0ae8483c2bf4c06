//! Entity tags: names of one state of a resource (RFC 9110, 8.8.3).

use crate::message::bytes;

/// `"abc"`, or `W/"abc"` for states that are equal in meaning but perhaps not in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ETag<'a> {
    /// Whether equal tags promise equal meaning only.
    pub weak: bool,
    /// What stands between the quotes.
    pub opaque: &'a [u8],
}

impl<'a> ETag<'a> {
    /// `[ "W/" ] DQUOTE *etagc DQUOTE`; `None` for anything else. The W is a capital.
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let (weak, text) = match text.strip_prefix(b"W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let [b'"', opaque @ .., b'"'] = text else { return None };
        let good = |&byte: &u8| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..);
        opaque.iter().all(good).then_some(Self { weak, opaque })
    }

    /// Equal bytes: neither is weak. For ranges and If-Match (RFC 9110, 8.8.3.2).
    pub fn strong_eq(&self, other: &ETag<'_>) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }

    /// Equal meaning. For If-None-Match, whose asker has a copy to show again.
    pub fn weak_eq(&self, other: &ETag<'_>) -> bool {
        self.opaque == other.opaque
    }
}

/// What a line of If-Match or If-None-Match says (RFC 9110, 13.1.1 and 13.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition<'a> {
    /// `*`: any state at all.
    Any,
    /// One of the [`tags`] of this line.
    Tags(&'a [u8]),
}

impl<'a> Condition<'a> {
    /// The value of one line.
    pub fn new(line: &'a [u8]) -> Self {
        if line == b"*" { Self::Any } else { Self::Tags(line) }
    }

    /// Whether one of the tags satisfies `same`; every state satisfies `*`.
    pub fn any(self, same: impl FnMut(ETag<'a>) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(line) => tags(line).any(same),
        }
    }
}

/// The tags of one line. What is no tag ends the list: nobody knows where the next one begins.
///
/// This is no list of quoted strings: a tag may contain commas, and a backslash escapes nothing.
pub fn tags(line: &[u8]) -> impl Iterator<Item = ETag<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        while let [b',' | b' ' | b'\t', behind @ ..] = rest {
            rest = behind;
        }
        let open = rest.iter().position(|&byte| byte == b'"')? + 1;
        let close = open + rest[open..].iter().position(|&byte| byte == b'"')?;
        let (tag, behind) = rest.split_at(close + 1);
        let is_end = matches!(bytes::trim(behind), [] | [b',', ..]);
        rest = if is_end { behind } else { b"" };
        ETag::parse(tag).filter(|_| is_end)
    })
}
