//! Requests as bytes, and answers as far as they have come: the status and the length of each are
//! compared with what they must be. Nothing is allocated for an answer whose head comes in one piece.

use std::fmt;

use crate::files::Name;

/// Whether the connection is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Alive,
    Close,
}

pub(crate) fn request(name: Name, keep: Keep) -> Vec<u8> {
    let close = if keep == Keep::Close { "Connection: close\r\n" } else { "" };
    format!("GET /{} HTTP/1.1\r\nHost: 127.0.0.1\r\n{close}\r\n", name.text()).into_bytes()
}

/// An answer that is not what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Not this status, or no status line.
    Status,
    /// Not this length, or none.
    Length,
    /// Bytes behind the end.
    Surplus,
    /// The connection ended in the middle.
    End,
}

impl std::error::Error for Wrong {}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Status => "an answer with another status",
            Self::Length => "an answer with another length",
            Self::Surplus => "bytes behind an answer",
            Self::End => "an answer without its end",
        })
    }
}

/// What one connection has got.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    status: &'static [u8],
    length: u64,
    /// The beginning of a head that was cut.
    head: Vec<u8>,
    /// Bytes of the body that are to come, behind the head.
    left: Option<u64>,
}

impl Reading {
    /// Answers with a status and a length.
    pub(crate) fn new(status: &'static [u8], length: u64) -> Self {
        Self { status, length, head: Vec::new(), left: None }
    }

    /// How many bytes may be thrown away unseen.
    pub(crate) fn unseen(&self) -> u64 {
        self.left.unwrap_or_default()
    }

    /// True in front of an answer.
    pub(crate) fn is_between(&self) -> bool {
        self.left.is_none() && self.head.is_empty()
    }

    /// So many bytes have been thrown away. True at the end of an answer.
    pub(crate) fn skip(&mut self, bytes: u64) -> Result<bool, Wrong> {
        let left = self.unseen().checked_sub(bytes).ok_or(Wrong::Surplus)?;
        self.left = (left > 0).then_some(left);
        Ok(left == 0)
    }

    /// Takes bytes. True at the end of an answer.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<bool, Wrong> {
        if self.left.is_some() {
            return self.skip(bytes.len() as u64);
        }
        let (bytes, length) = if self.head.is_empty() {
            let Some(length) = head(bytes) else {
                self.head.extend_from_slice(bytes);
                return Ok(false);
            };
            (bytes, length)
        } else {
            self.head.extend_from_slice(bytes);
            let Some(length) = head(&self.head) else { return Ok(false) };
            (&self.head[..], length)
        };
        if bytes.get(9..12) != Some(self.status) {
            return Err(Wrong::Status);
        }
        if content_length(&bytes[..length]) != Some(self.length) {
            return Err(Wrong::Length);
        }
        let come = (bytes.len() - length) as u64;
        self.head.clear();
        self.left = Some(self.length);
        self.skip(come)
    }
}

/// The length of a head that is there whole.
pub(crate) fn head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

pub(crate) fn content_length(head: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"content-length:";
    let mut lines = head.split(|&byte| byte == b'\n');
    let line = lines.find(|line| line.len() > 15 && line[..15].eq_ignore_ascii_case(NAME))?;
    str::from_utf8(&line[15..]).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nDate: x\r\ncontent-Length: 5\r\n\r\nhello";

    #[test]
    fn an_answer_is_found_however_it_is_cut() {
        for cut in 0..ANSWER.len() {
            let mut reading = Reading::new(b"200", 5);
            for _ in 0..2 {
                assert_eq!(reading.take(&ANSWER[..cut]), Ok(false), "{cut}");
                assert_eq!(reading.take(&ANSWER[cut..]), Ok(true), "{cut}");
                assert!(reading.is_between());
            }
        }
    }

    #[test]
    fn what_is_not_as_it_must_be_is_found_out() {
        assert_eq!(Reading::new(b"304", 5).take(ANSWER), Err(Wrong::Status));
        assert_eq!(Reading::new(b"200", 6).take(ANSWER), Err(Wrong::Length));
        assert_eq!(Reading::new(b"200", 5).take(&[ANSWER, b"x"].concat()), Err(Wrong::Surplus));
        assert_eq!(Reading::new(b"200", 5).take(b"HTTP/1.1 200 OK\r\n\r\n"), Err(Wrong::Length));
    }
}
