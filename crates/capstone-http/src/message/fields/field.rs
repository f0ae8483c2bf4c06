//! One field: what stands in front of the colon, and what behind it.

use std::fmt;

use crate::message::bytes;

/// One field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// A token, in the letters that were sent; upper and lower case are the same (RFC 9110, 5.1).
    pub name: &'a [u8],
    /// Without the blanks around it. Any bytes but control bytes; nothing says that they are UTF-8.
    pub value: &'a [u8],
}

impl<'a> Field<'a> {
    /// Of a line that has been found to be good.
    pub(in crate::message) fn of(line: &'a [u8]) -> Self {
        let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        Self { name: &line[..colon], value: value_of(value) }
    }
}

/// Without the end of the line and the blanks around it.
#[inline]
pub(super) fn value_of(rest: &[u8]) -> &[u8] {
    bytes::trim(rest.strip_suffix(b"\r\n").unwrap_or(rest))
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name.escape_ascii(), self.value.escape_ascii())
    }
}
