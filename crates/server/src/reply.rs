//! What a client is owed: bytes and parts of files, in the order in which they were said.
//!
//! A file's bytes never come into this process: sendfile(2) moves them from the page cache into
//! the socket. What stands before a file is sent with MSG_MORE, so that a header and the
//! beginning of what it announces share a segment.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::ops::Range;
use std::sync::Arc;

use sockets::SendQueue;

use crate::connection::Stream;

/// Bytes and parts of files that wait for being sent, first in, first out.
#[derive(Debug)]
pub struct Reply {
    bytes: SendQueue,
    files: VecDeque<Part>,
}

/// A part of a file.
#[derive(Debug)]
struct Part {
    /// How many of the bytes go out before it, counted from the file before.
    before: usize,
    file: Arc<File>,
    range: Range<u64>,
}

impl Reply {
    pub(crate) fn with_limit(limit: usize) -> Self {
        Self { bytes: SendQueue::with_limit(limit), files: VecDeque::new() }
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.push(bytes);
    }

    /// Appends these bytes of a file, which stays open until they are sent. Its position does not
    /// matter and does not change, so that many replies can share it.
    ///
    /// When the file turns out to be shorter, the connection ends with `UnexpectedEof`: whoever was
    /// promised these bytes must not take others for them.
    pub fn file(&mut self, file: impl Into<Arc<File>>, range: Range<u64>) {
        if !range.is_empty() {
            let before =
                self.bytes.len() - self.files.iter().map(|part| part.before).sum::<usize>();
            self.files.push_back(Part { before, file: file.into(), range });
        }
    }

    /// True when nothing waits.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.files.is_empty()
    }

    /// True when a session should say no more for now, and go on in
    /// [`Session::more`](crate::Session::more): from 64 KiB on, and behind a file, because each
    /// keeps a descriptor.
    pub fn is_full(&self) -> bool {
        self.bytes.is_full() || !self.files.is_empty()
    }

    /// Bytes of memory that it has, apart from itself.
    pub(crate) fn memory(&self) -> usize {
        self.bytes.capacity() + self.files.capacity() * size_of::<Part>()
    }

    /// Sends what the peer takes now, at most so many bytes; gives their number.
    ///
    /// # Errors
    /// EPIPE, ECONNRESET: the peer has gone. `UnexpectedEof`: a file is shorter than was promised.
    /// EIO and whatever else reading a file gives.
    pub(crate) fn flush(&mut self, peer: &impl Stream, most: usize) -> io::Result<usize> {
        let mut sent = 0;
        loop {
            let (left, more) = (most - sent, self.files.front());
            let ration = more.map_or(left, |part| part.before.min(left));
            let n = self.bytes.flush(Ration { peer, left: ration, more: more.is_some() })?;
            sent += n;
            let Some(part) = self.files.front_mut() else { return Ok(sent) };
            part.before -= n;
            if part.before > 0 || sent == most {
                return Ok(sent);
            }
            match part.send(peer, most - sent) {
                Ok(n) => sent += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(sent),
                Err(error) => return Err(error),
            }
            if part.range.is_empty() {
                self.files.pop_front();
            }
        }
    }
}

impl Part {
    fn send(&mut self, peer: &impl Stream, most: usize) -> io::Result<usize> {
        let rest = self.range.end - self.range.start;
        let count = usize::try_from(rest).unwrap_or(usize::MAX).min(most);
        let n = syscall::retry(|| peer.send_file(&self.file, self.range.start, count))?;
        if n == 0 {
            let why = format!("the file has become shorter by {rest} bytes");
            return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
        }
        self.range.start += n as u64;
        Ok(n)
    }
}

/// A writer that takes so many bytes and then, like a full socket, no more for now.
struct Ration<'a, S> {
    peer: &'a S,
    left: usize,
    /// A file follows.
    more: bool,
}

impl<S: Stream> Write for Ration<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        let bytes = &bytes[..bytes.len().min(self.left)];
        let n = if self.more { self.peer.write_more(bytes) } else { self.peer.write(bytes) }?;
        self.left -= n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
