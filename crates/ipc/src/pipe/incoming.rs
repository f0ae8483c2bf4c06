//! Messages on their way in.

use std::os::fd::OwnedFd;

use syscall::{Deadline, Errno};

use super::frame::{HEADER, Header};
use super::stream::Source;
use super::{LIMIT, MOST_DESCRIPTORS};
use crate::error::{Error, Result};

/// How much is read ahead at most. A message of which more than that is missing is read to its
/// own place instead.
const AHEAD: usize = 16 * 1024;

/// How much memory is set aside at first for a message that was announced: a peer that only
/// announces costs no more.
const STEP: usize = 64 * 1024;

/// How many sets of descriptors can be there before their messages are looked at: those of the
/// message whose header was cut by the end of the buffer, and those of the next one.
const SETS: usize = 2;

/// A message, whole.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) body: Vec<u8>,
    fds: Vec<OwnedFd>,
    announced: usize,
}

impl Message {
    /// The message and its descriptors, if they have all come.
    pub(super) fn complete(self) -> Result<(Vec<u8>, Vec<OwnedFd>)> {
        let (sent, received) = (self.announced, self.fds.len());
        if sent != received {
            return Err(Error::Lost { sent, received });
        }
        Ok((self.body, self.fds))
    }
}

/// A message of which the header has come.
#[derive(Debug)]
struct Partial {
    /// As long as memory was set aside for it.
    body: Vec<u8>,
    filled: usize,
    size: usize,
    fds: Vec<OwnedFd>,
    announced: usize,
}

/// The receiving half of an end.
#[derive(Debug)]
pub(super) struct Incoming {
    ahead: Box<[u8]>,
    /// What of it was read and not used: `ahead[start..end]`.
    start: usize,
    end: usize,
    partial: Option<Partial>,
    sets: Vec<Vec<OwnedFd>>,
    /// Nothing more will come, and why.
    over: Option<Error>,
}

impl Incoming {
    pub(super) fn new() -> Self {
        let ahead = vec![0; AHEAD].into();
        Self { ahead, start: 0, end: 0, partial: None, sets: Vec::new(), over: None }
    }

    pub(super) fn recv(&mut self, from: &impl Source, deadline: Deadline) -> Result<Message> {
        self.fill(from, deadline)?;
        let Partial { body, fds, announced, .. } =
            self.partial.take().expect("a message has come whole");
        Ok(Message { body, fds, announced })
    }

    pub(super) fn poll(&mut self, from: &impl Source, deadline: Deadline) -> Result<bool> {
        match self.fill(from, deadline) {
            Err(Error::TimedOut) => Ok(false),
            Err(error) if self.over.is_none() => Err(error),
            _ => Ok(true),
        }
    }

    /// Reads until `partial` is a whole message.
    fn fill(&mut self, from: &impl Source, deadline: Deadline) -> Result<()> {
        let mut read = false;
        loop {
            if let Some(error) = &self.over {
                return Err(error.clone());
            }
            if self.use_what_is_there(from)? {
                return Ok(());
            }
            // A peer that drips always has something ready, so the clock is asked, too. "Now" means
            // all that is there.
            if read && deadline != Deadline::Now && deadline.has_passed() {
                return Err(Error::TimedOut);
            }
            read = true;
            // All that was read ahead is used, but for less than a header.
            self.ahead.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let n = match &mut self.partial {
                Some(partial) if partial.missing() >= AHEAD => {
                    partial.make_room();
                    let room = &mut partial.body[partial.filled..];
                    let n = from.take(room, deadline, &mut self.sets)?;
                    partial.filled += n;
                    n
                }
                _ => {
                    let room = &mut self.ahead[self.end..];
                    let n = from.take(room, deadline, &mut self.sets)?;
                    self.end += n;
                    n
                }
            };
            if n == 0 {
                let begun = self.partial.as_ref().map_or(0, |partial| HEADER + partial.filled);
                let done = begun + self.end;
                self.over = Some(if done == 0 { Error::Ended } else { Error::Torn { done } });
            } else if self.sets.len() > SETS {
                self.over = Some(garbled(from));
            }
        }
    }

    /// Moves bytes from `ahead` to the message; true when that is whole.
    fn use_what_is_there<S: Source>(&mut self, from: &S) -> Result<bool> {
        if self.partial.is_none() {
            let Some(bytes) = self.ahead[self.start..self.end].first_chunk() else {
                return Ok(false);
            };
            let header = Header::of(*bytes);
            self.start += HEADER;
            let (size, announced) = (header.bytes as usize, header.fds as usize);
            if size > LIMIT || announced > MOST_DESCRIPTORS {
                let too_large = Error::TooLarge { size, limit: LIMIT };
                let error = if size > LIMIT { too_large } else { garbled(from) };
                self.over = Some(error.clone());
                return Err(error);
            }
            // They have come with the first byte of the header.
            let with = announced > 0 && !self.sets.is_empty();
            let fds = if with { self.sets.remove(0) } else { Vec::new() };
            let here = &self.ahead[self.start..self.end];
            if let Some(whole) = here.get(..size) {
                self.start += size;
                let body = whole.to_vec();
                self.partial = Some(Partial { body, filled: size, size, fds, announced });
                return Ok(true);
            }
            let body = vec![0; size.min(STEP)];
            self.partial = Some(Partial { body, filled: 0, size, fds, announced });
        }
        let Some(partial) = &mut self.partial else { return Ok(false) };
        let n = partial.missing().min(self.end - self.start);
        partial.make_room();
        let place = &mut partial.body[partial.filled..][..n];
        place.copy_from_slice(&self.ahead[self.start..][..n]);
        self.start += n;
        partial.filled += n;
        Ok(partial.missing() == 0)
    }
}

impl Partial {
    fn missing(&self) -> usize {
        self.size - self.filled
    }

    /// Sets more memory aside when what there is was filled: as much again as has come.
    fn make_room(&mut self) {
        if self.body.len() - self.filled < self.missing().min(AHEAD) {
            let more = self.filled.max(STEP);
            self.body.resize(self.size.min(self.body.len() + more), 0);
        }
    }
}

/// Nobody who speaks this protocol sends such a thing.
fn garbled<S: Source>(_: &S) -> Error {
    syscall::Error::new(S::READ, Errno::EBADMSG).into()
}
