//! Messages on their way out.

use std::io::IoSlice;
use std::os::fd::BorrowedFd;

use nix::poll::PollFlags;
use syscall::{Deadline, Errno};

use super::frame::{HEADER, Header};
use super::stream::Sink;
use super::{LIMIT, MOST_DESCRIPTORS};
use crate::error::{Error, Result};
use crate::ready::ready;

/// Up to this size, in bytes, a message is copied behind its header.
const SMALL: usize = 512 - HEADER;

/// The sending half of an end: what is left to remember between two messages.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// A message was begun and not finished, after so many bytes: the peer waits for the rest of
    /// it, and would take anything else for that.
    torn: Option<usize>,
}

impl Outgoing {
    pub(super) fn new() -> Self {
        Self { torn: None }
    }

    pub(super) fn send(
        &mut self,
        to: &impl Sink,
        message: &[u8],
        mut fds: &[BorrowedFd<'_>],
        deadline: Deadline,
    ) -> Result<()> {
        if let Some(done) = self.torn {
            return Err(Error::Torn { done });
        }
        let header = header(to, message, fds)?.to_bytes();
        // One part is taken over faster than two by more than it costs to copy a small message.
        let mut joined = [0; HEADER + SMALL];
        let whole = HEADER + message.len();
        let (header, message) = match joined.get_mut(..whole) {
            Some(joined) => {
                joined[..HEADER].copy_from_slice(&header);
                joined[HEADER..].copy_from_slice(message);
                joined.split_at(whole)
            }
            None => (&header[..], message),
        };
        let mut done = 0;
        while done < whole {
            let (first, then) = match header.get(done..) {
                Some(rest) if !rest.is_empty() => (rest, message),
                _ => (&message[done - header.len()..], &[][..]),
            };
            let parts = [IoSlice::new(first), IoSlice::new(then)];
            match to.put(if then.is_empty() { &parts[..1] } else { &parts }, fds) {
                Ok(n) => {
                    done += n;
                    // A peer that drips always makes a little room.
                    if done < whole && deadline != Deadline::Now && deadline.has_passed() {
                        return Err(self.given_up(Error::TimedOut, done));
                    }
                    // They went with the first byte.
                    fds = &[];
                }
                Err(Errno::EAGAIN) => {
                    ready(to, PollFlags::POLLOUT, deadline).map_err(|e| self.given_up(e, done))?;
                }
                Err(errno) => {
                    let error = call(to, errno);
                    return Err(self.given_up(error, done));
                }
            }
        }
        Ok(())
    }

    /// What it means that a message ends after `done` bytes.
    fn given_up(&mut self, error: Error, done: usize) -> Error {
        if done == 0 {
            return error;
        }
        self.torn = Some(done);
        if error == Error::TimedOut { Error::Torn { done } } else { error }
    }
}

fn header<S: Sink>(to: &S, message: &[u8], fds: &[BorrowedFd<'_>]) -> Result<Header> {
    let bytes = u32::try_from(message.len()).ok().filter(|_| message.len() <= LIMIT);
    let bytes = bytes.ok_or(Error::TooLarge { size: message.len(), limit: LIMIT })?;
    let few = u32::try_from(fds.len()).ok().filter(|_| fds.len() <= MOST_DESCRIPTORS);
    Ok(Header { bytes, fds: few.ok_or_else(|| call(to, Errno::EINVAL))? })
}

fn call<S: Sink>(_: &S, errno: Errno) -> Error {
    syscall::Error::new(S::WRITE, errno).into()
}
