//! The head of an answer, written into a buffer that is used again and again.
//!
//! ```
//! use capstone_http::message::{Status, Writer};
//!
//! let mut out = Vec::new();
//! Writer::new(&mut out, Status::NotFound).field("Content-Type", b"text/plain").length(9).end();
//! out.extend_from_slice(b"no such x");
//! assert!(out.starts_with(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n"));
//! ```

use super::Status;
use super::fields::date::LENGTH;

/// An answer whose head is being written. Behind [`end`](Self::end) comes the content.
#[derive(Debug)]
#[must_use = "a head without its end is none"]
pub struct Writer<'out>(&'out mut Vec<u8>);

impl<'out> Writer<'out> {
    /// Appends the status line.
    #[inline]
    pub fn new(out: &'out mut Vec<u8>, status: Status) -> Self {
        out.extend_from_slice(status.line());
        Self(out)
    }

    /// Goes on with a head that was begun, and left open by [`pause`](Self::pause).
    #[inline]
    pub fn resume(out: &'out mut Vec<u8>) -> Self {
        Self(out)
    }

    /// Leaves the head open: somebody else knows the rest.
    #[inline]
    pub fn pause(self) {}

    /// Appends fields that were written before, each with its line end.
    #[inline]
    pub fn lines(self, lines: &[u8]) -> Self {
        self.0.extend_from_slice(lines);
        self
    }

    /// Appends a field. Whatever would end the line is written as a blank, so that nothing that came
    /// from a client can become a field or an answer of its own (RFC 9110, 5.5).
    #[inline]
    pub fn field(self, name: &str, value: &[u8]) -> Self {
        let out = self.name(name).0;
        let start = out.len();
        out.extend_from_slice(value);
        for byte in &mut out[start..] {
            if matches!(byte, b'\r' | b'\n' | 0) {
                *byte = b' ';
            }
        }
        out.extend_from_slice(b"\r\n");
        Self(out)
    }

    /// Appends `Date`, as [`Clock`](super::fields::date::Clock) has written it (RFC 9110, 6.6.1).
    #[inline]
    pub fn date(self, text: &[u8; LENGTH]) -> Self {
        let out = self.name("Date").0;
        out.extend_from_slice(text);
        out.extend_from_slice(b"\r\n");
        Self(out)
    }

    /// Appends `Content-Length`.
    #[inline]
    pub fn length(self, length: u64) -> Self {
        self.number("Content-Length", length)
    }

    /// Appends a field whose value is a number.
    #[inline]
    pub fn number(self, name: &str, mut value: u64) -> Self {
        // From the last digit to the first; u64::MAX has 20.
        let (mut digits, mut at) = ([b'0'; 20], 20);
        loop {
            at -= 1;
            digits[at] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        let out = self.name(name).0;
        out.extend_from_slice(&digits[at..]);
        out.extend_from_slice(b"\r\n");
        Self(out)
    }

    /// Appends the empty line, the end of the head.
    #[inline]
    pub fn end(self) {
        self.0.extend_from_slice(b"\r\n");
    }

    #[inline]
    fn name(self, name: &str) -> Self {
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b": ");
        self
    }
}
