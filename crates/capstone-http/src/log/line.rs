//! A line in the combined format:
//!
//! ```text
//! 192.0.2.1 - - [21/Nov/2026:16:10:41 +0000] "GET /book/ HTTP/1.1" 200 1234 "referer" "agent"
//! ```
//!
//! It is written when the answer is decided: the length is that of the content that was promised,
//! which a client that leaves early has not taken.

use std::io::Write as _;
use std::net::IpAddr;

use crate::message::fields::date::LENGTH;
use crate::message::{Fields, Status};

/// What a line tells.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Whose request.
    pub peer: IpAddr,
    /// When, as in Date: `Sun, 06 Nov 1994 08:49:37 GMT`.
    pub date: &'a [u8; LENGTH],
    /// What has come of the request; its first line is told.
    pub request: &'a [u8],
    /// How it was answered.
    pub status: Status,
    /// With so many bytes of content.
    pub length: u64,
    /// Its fields, if it had any that were understood.
    pub fields: Option<&'a Fields<'a>>,
}

impl Line<'_> {
    /// Writes it, with its end, in place of what was there.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        let date = self.date;
        // A Vec takes everything.
        let _ = write!(out, "{} - - [", self.peer);
        for (part, end) in [(5..7, b"/"), (8..11, b"/"), (12..16, b":"), (17..25, b" ")] {
            out.extend_from_slice(&date[part]);
            out.extend_from_slice(end);
        }
        out.extend_from_slice(b"+0000] ");
        let start = if self.request.starts_with(b"\r\n") { 2 } else { 0 };
        let request = &self.request[start..];
        let end = request.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(request.len());
        quote(Some(&request[..end]), out);
        let _ = write!(out, " {} {} ", self.status.code(), self.length);
        let field = |name| self.fields.and_then(|fields| fields.get(name));
        quote(field("referer"), out);
        out.push(b' ');
        quote(field("user-agent"), out);
        out.push(b'\n');
    }
}

/// What clients send neither ends the line nor the quotes, and commands no terminal.
fn quote(text: Option<&[u8]>, out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text.filter(|text| !text.is_empty()).unwrap_or(b"-") {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
    }
    out.push(b'"');
}
