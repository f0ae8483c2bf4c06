//! Framing by a mark: each message ends with a newline.
//!
//! Simple, and readable with nc; the price is that a message cannot contain the mark, and that
//! the receiver has to look at every byte.

use bytes::{Buf as _, Bytes, BytesMut};

use super::{Decoder, Error};

/// Lines that end with `\n` or `\r\n`, given without their end; not necessarily UTF-8.
///
/// A line above the limit is an error once, then everything up to its newline is skipped, and the
/// lines behind it are given as usual: one bad line need not cost the connection. The last line
/// may lack its newline.
#[derive(Debug)]
pub struct Lines {
    buffer: BytesMut,
    limit: usize,
    /// Bytes of `buffer` known to hold no newline, so that no byte is searched twice.
    searched: usize,
    /// Inside a line that was already reported as too long.
    skipping: bool,
}

impl Lines {
    /// `limit` is the longest line in bytes, its end not counted.
    pub fn with_limit(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), limit, searched: 0, skipping: false }
    }

    /// Appends `line` and its newline to `out`.
    ///
    /// # Panics
    /// When `line` contains a newline: it would arrive as two. A caller that passes on what a
    /// stranger wrote has to look first.
    pub fn encode(line: &[u8], out: &mut Vec<u8>) {
        assert!(!line.contains(&b'\n'), "a line cannot contain a newline");
        out.extend_from_slice(line);
        out.push(b'\n');
    }

    fn too_long(&self) -> Error {
        Error::TooLong { limit: self.limit }
    }

    /// Forgets the buffered part of a line that is too long.
    fn skip(&mut self) {
        self.skipping = true;
        self.searched = 0;
        self.buffer.clear();
    }
}

impl Decoder for Lines {
    fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let fresh = &self.buffer[self.searched..];
            let Some(at) = fresh.iter().position(|&byte| byte == b'\n') else {
                if self.skipping {
                    self.skip();
                } else if self.buffer.len() > self.limit + usize::from(self.buffer.ends_with(b"\r"))
                {
                    self.skip();
                    return Err(self.too_long());
                } else {
                    self.searched = self.buffer.len();
                }
                return Ok(None);
            };
            let mut line = self.buffer.split_to(self.searched + at);
            self.buffer.advance(1);
            self.searched = 0;
            if std::mem::take(&mut self.skipping) {
                continue;
            }
            if line.ends_with(b"\r") {
                line.truncate(line.len() - 1);
            }
            if line.len() > self.limit {
                return Err(self.too_long());
            }
            return Ok(Some(line.freeze()));
        }
    }

    fn finish(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(line) = self.next()? {
            return Ok(Some(line));
        }
        self.searched = 0;
        let rest = self.buffer.split().freeze();
        if std::mem::take(&mut self.skipping) || rest.is_empty() {
            return Ok(None);
        }
        if rest.len() > self.limit { Err(self.too_long()) } else { Ok(Some(rest)) }
    }
}
