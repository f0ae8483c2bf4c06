//! One client's session: which frame means what at which moment.
//!
//! It takes one step at a time, a request or a piece of a long answer, and then asks for another
//! turn (`Next::Again`): so nothing is read from a client that is being answered, and no client
//! keeps an event loop for itself, however many requests it sends at once.

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};
use std::vec;

use server::{Next, Pace, Reply};
use sockets::framing::{Decoder as _, Lengths};

use super::event::What;
use super::get::Get;
use super::put::Put;
use super::told::{No, Told};
use crate::store::{Entry, Reading, Store};
use crate::wire::{Answer, Code, LONGEST, Request};

/// A list is sent in portions of so many files.
const ROWS: usize = 1000;

/// One client's session.
pub struct Session {
    store: Store,
    frames: Lengths,
    state: State,
    /// The server stops: nothing is begun any more.
    last: bool,
    /// What has been understood, and how much content has come: the client gets ahead.
    requests: u64,
    content: u64,
    patience: Duration,
    told: Told,
}

/// What the session is at.
enum State {
    /// Nothing: the next frame is a request.
    Ready,
    Listing(vec::IntoIter<Entry>),
    Sending(Get),
    Receiving(Put),
    /// The stream cannot be understood any more.
    Lost,
}

impl Session {
    pub(super) fn new(store: Store, patience: Duration, told: Told) -> Self {
        Self {
            store,
            frames: Lengths::with_limit(LONGEST),
            state: State::Ready,
            last: false,
            requests: 0,
            content: 0,
            patience,
            told,
        }
    }

    /// One step.
    fn step(&mut self, reply: &mut Reply) -> io::Result<Next> {
        match &mut self.state {
            State::Ready if self.last => return Ok(Next::Close),
            State::Ready => return Ok(self.request(reply)),
            State::Listing(entries) => {
                for entry in entries.by_ref().take(ROWS) {
                    reply.push(&row(&entry));
                }
                if entries.len() > 0 {
                    return Ok(Next::Again);
                }
            }
            State::Sending(get) => {
                if !get.go_on(reply, &self.told)? {
                    return Ok(Next::Again);
                }
            }
            State::Receiving(_) => return Ok(self.content(reply)),
            State::Lost => return Ok(Next::Linger),
        }
        self.state = State::Ready;
        Ok(Next::Again)
    }

    /// The next request, if it is there.
    fn request(&mut self, reply: &mut Reply) -> Next {
        let frame = match self.frames.next() {
            Ok(Some(frame)) => frame,
            Ok(None) => return Next::Read,
            Err(error) => return self.lost(&error.to_string(), reply),
        };
        self.requests += 1;
        match Request::parse(&frame) {
            Ok(Request::List) => match self.store.list() {
                Ok(entries) => {
                    self.told.done(What::List, b"", 0);
                    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
                    reply.push(&Answer::List { count }.to_bytes());
                    self.state = State::Listing(entries.into_iter());
                }
                Err(refusal) => self.told.refuse((What::List, b""), refusal, reply),
            },
            Ok(Request::State { name }) => match self.store.read(name) {
                Ok(Reading { size, version, .. }) => {
                    let version = version.to_bytes();
                    reply.push(&Answer::Get { size, version }.to_bytes());
                }
                Err(refusal) => self.told.refuse((What::Get, name), refusal, reply),
            },
            Ok(Request::Get { checksum, offset, version, name }) => {
                match Get::begin(&self.store, name, (offset, version), checksum, reply) {
                    Ok(get) => self.state = State::Sending(get),
                    Err(no) => self.told.refuse((What::Get, name), no, reply),
                }
            }
            Ok(Request::Put { checksum, size, name }) => match self.store.write(name, Some(size)) {
                Ok(upload) => {
                    reply.push(&Answer::Go.to_bytes());
                    self.state = State::Receiving(Put::new(upload, name, size, checksum));
                }
                Err(refusal) => self.told.refuse((What::Put, name), refusal, reply),
            },
            Ok(Request::Quit) => {
                reply.push(&Answer::Bye.to_bytes());
                return Next::Close;
            }
            Ok(Request::Done { .. }) => return self.lost("there is no content to end", reply),
            Err(error) => return self.lost(&error.to_string(), reply),
        }
        Next::Again
    }

    /// What has come of a file, and behind it the frame that ends it.
    fn content(&mut self, reply: &mut Reply) -> Next {
        let State::Receiving(put) = &mut self.state else { return Next::Again };
        let piece = self.frames.raw(put.missing());
        self.content += piece.len() as u64;
        put.content(&piece, reply, &self.told);
        if put.missing() > 0 {
            return Next::Read;
        }
        let frame = match self.frames.next() {
            Ok(Some(frame)) => frame,
            Ok(None) => return Next::Read,
            Err(error) => return self.lost(&error.to_string(), reply),
        };
        match Request::parse(&frame) {
            Ok(Request::Done { checksum }) if checksum.is_some() == put.has_checksum() => {
                self.requests += 1;
                put.done(checksum, reply, &self.told);
                self.state = State::Ready;
                Next::Again
            }
            Ok(_) => self.lost("this is not how content ends", reply),
            Err(error) => self.lost(&error.to_string(), reply),
        }
    }

    fn lost(&mut self, why: &str, reply: &mut Reply) -> Next {
        self.told.refuse((What::Nonsense, b""), No(Code::Malformed, why.into()), reply);
        self.state = State::Lost;
        Next::Linger
    }
}

impl server::Session for Session {
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> io::Result<Next> {
        self.frames.push(bytes);
        self.step(reply)
    }

    fn more(&mut self, reply: &mut Reply) -> io::Result<Next> {
        self.step(reply)
    }

    fn stopping(&mut self, reply: &mut Reply) -> io::Result<Next> {
        let _ = reply;
        self.last = true;
        Ok(Next::Again)
    }

    fn pace(&self) -> Option<Pace> {
        // Less than 4 KiB of content do not count.
        Some(Pace { step: self.requests + (self.content >> 12), within: self.patience })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        match &self.state {
            State::Sending(get) => self.told.broken(What::Get, get.name()),
            State::Receiving(put) => self.told.broken(What::Put, put.name()),
            State::Ready | State::Listing(_) | State::Lost => {}
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("requests", &self.requests).finish_non_exhaustive()
    }
}

/// A file of the list.
fn row(entry: &Entry) -> Vec<u8> {
    let since = entry.modified.duration_since(SystemTime::UNIX_EPOCH);
    let modified = since.map_or(0, |since| since.as_secs());
    Answer::File { size: entry.size, modified, name: &entry.name }.to_bytes()
}
