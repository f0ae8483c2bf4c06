//! Frames on a stream socket: a length of 8 bytes and that many bytes.
//!
//! Both sides use the same two buffers. The parent says [`NOW`] with each call, so it never
//! waits in one: a parent that waited to write a task to a worker that waits to write an answer
//! would wait for ever. The worker says [`WAIT`]: it has nothing else to do.

use std::os::fd::AsRawFd;

use nix::sys::socket::{MsgFlags, recv, send};
use syscall::{Errno, retry};

/// EAGAIN instead of waiting. No SIGPIPE when the other side has gone: EPIPE tells.
pub(super) const NOW: MsgFlags = MsgFlags::MSG_DONTWAIT.union(MsgFlags::MSG_NOSIGNAL);
pub(super) const WAIT: MsgFlags = MsgFlags::MSG_NOSIGNAL;

/// How much is asked for at once, when it is not known how much will come.
const BLOCK: usize = 16 * 1024;
const HEAD: usize = 8;

/// What is to be sent.
#[derive(Default)]
pub(super) struct Outgoing {
    bytes: Vec<u8>,
    sent: usize,
}

impl Outgoing {
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len() - self.sent
    }

    /// Adds a frame.
    pub(super) fn push(&mut self, frame: &[u8]) {
        self.bytes.extend_from_slice(&(frame.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(frame);
    }

    /// Sends as much as fits; with [`WAIT`] all of it.
    ///
    /// # Errors
    /// EPIPE or ECONNRESET when the other side has gone.
    pub(super) fn flush(&mut self, to: &impl AsRawFd, how: MsgFlags) -> Result<(), Errno> {
        while !self.is_empty() {
            match retry(|| send(to.as_raw_fd(), &self.bytes[self.sent..], how)) {
                Err(Errno::EAGAIN) => return Ok(()),
                sent => self.sent += sent?,
            }
        }
        // A large frame has done its work: its memory is given back.
        self.bytes.clear();
        self.bytes.shrink_to(BLOCK);
        self.sent = 0;
        Ok(())
    }
}

/// What has come.
#[derive(Default)]
pub(super) struct Incoming {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// What a look at the socket has brought.
#[derive(PartialEq, Eq)]
pub(super) enum Came {
    Bytes,
    Nothing,
    /// The other side has gone, and everything that it sent is here.
    End,
}

/// A length that no honest sender would have written.
pub(super) struct TooLong;

impl Incoming {
    /// Reads once.
    ///
    /// # Errors
    /// ENOMEM. A reset is an end: it says that the other side has left unread bytes behind.
    pub(super) fn fill(&mut self, from: &impl AsRawFd, how: MsgFlags) -> Result<Came, Errno> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.bytes.len() > BLOCK {
                self.bytes = Vec::new();
            }
        }
        if self.bytes.len() - self.end < BLOCK / 4 {
            self.bytes.drain(..self.start);
            (self.start, self.end) = (0, self.end - self.start);
            // Twice as much each time, whatever the length says: memory is for bytes that come.
            self.bytes.resize(BLOCK.max(2 * self.end), 0);
        }
        match retry(|| recv(from.as_raw_fd(), &mut self.bytes[self.end..], how)) {
            Ok(0) | Err(Errno::ECONNRESET) => Ok(Came::End),
            Err(Errno::EAGAIN) => Ok(Came::Nothing),
            read => {
                self.end += read?;
                Ok(Came::Bytes)
            }
        }
    }

    /// The next frame that is there as a whole.
    ///
    /// # Errors
    /// [`TooLong`] as soon as its length is known to be above `limit`.
    pub(super) fn frame(&mut self, limit: usize) -> Result<Option<&[u8]>, TooLong> {
        let here = &self.bytes[self.start..self.end];
        let Some((head, rest)) = here.split_first_chunk::<HEAD>() else { return Ok(None) };
        let length = usize::try_from(u64::from_le_bytes(*head)).map_err(|_| TooLong)?;
        if length > limit {
            return Err(TooLong);
        }
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        self.start += HEAD + length;
        Ok(Some(frame))
    }
}
