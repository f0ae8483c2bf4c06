//! The state machine: what the next bytes are, and how long they may take.
//!
//! Answers leave in the order of their requests, because nothing is looked at before the answer in
//! front of it fits into the reply. Whoever sends requests faster than it takes answers is not read
//! from.

mod phase;
mod work;

use std::io;
use std::mem;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use server::{Next, Pace, Reply};

use super::Worker;
use super::incoming::Incoming;
use super::turn::Turn;
use crate::message::{Refusal, Status};
use phase::{Phase, Progress};

/// One connection's conversation.
#[derive(Debug)]
pub struct Session {
    worker: Arc<Worker>,
    peer: IpAddr,
    /// The beginning of a head, or what could not be answered yet. It holds no memory when empty.
    unread: Vec<u8>,
    /// So many bytes of it are no whole head; they need not be looked at again.
    seen: usize,
    state: State,
    progress: Progress,
    /// There is more to answer, when there is room for it.
    stalled: bool,
    /// There are too many connections: this one is told so.
    surplus: bool,
    /// The server stops.
    last: bool,
}

#[derive(Debug)]
enum State {
    /// In front of a head, or in the middle of it.
    Head,
    /// In the middle of a body.
    Body(Box<Incoming>),
    /// Behind the last answer; whether the client may still be talking.
    Over { talking: bool },
}

impl Session {
    /// For a client that has just come.
    pub fn new(worker: &Arc<Worker>, peer: &SocketAddr) -> Self {
        let open = worker.service.metrics.opened(worker.counters);
        Self {
            peer: peer.ip().to_canonical(),
            unread: Vec::new(),
            seen: 0,
            state: State::Head,
            progress: Progress::new(),
            stalled: false,
            surplus: open > worker.service.most,
            last: false,
            worker: Arc::clone(worker),
        }
    }

    fn go_on(&mut self, reply: &Reply) -> Next {
        let phase = match &self.state {
            _ if !reply.is_empty() => Phase::Writing,
            State::Over { .. } => Phase::Writing,
            State::Body(_) => Phase::Body,
            State::Head if self.progress.is_new() || !self.unread.is_empty() => Phase::Header,
            State::Head => Phase::Idle,
        };
        self.progress.enter(phase);
        match self.state {
            State::Over { talking: true } => Next::Linger,
            State::Over { talking: false } => Next::Close,
            _ if self.stalled => Next::Again,
            _ => Next::Read,
        }
    }

    /// Nothing was asked for: it may be closed without a word.
    fn is_between(&self) -> bool {
        matches!(self.state, State::Head) && self.unread.is_empty()
    }
}

impl server::Session for Session {
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> io::Result<Next> {
        if self.unread.is_empty() {
            // The usual case: all of it is understood where it lies.
            let used = self.work(bytes, reply);
            self.unread.extend_from_slice(&bytes[used..]);
        } else {
            let mut all = mem::take(&mut self.unread);
            all.extend_from_slice(bytes);
            let used = self.work(&all, reply);
            keep(&mut all, used);
            self.unread = all;
        }
        Ok(self.go_on(reply))
    }

    fn more(&mut self, reply: &mut Reply) -> io::Result<Next> {
        if self.stalled {
            let mut all = mem::take(&mut self.unread);
            let used = self.work(&all, reply);
            keep(&mut all, used);
            self.unread = all;
        }
        Ok(self.go_on(reply))
    }

    fn stopping(&mut self, reply: &mut Reply) -> io::Result<Next> {
        self.last = true;
        self.progress.step();
        Ok(self.go_on(reply))
    }

    fn late(&mut self, reply: &mut Reply) -> io::Result<Next> {
        if self.is_between() && self.progress.phase != Phase::Writing {
            self.state = State::Over { talking: false };
            return Ok(Next::Close);
        }
        if self.progress.phase == Phase::Writing || matches!(self.state, State::Over { .. }) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let late = Refusal::new(Status::RequestTimeout, "the request did not come to its end");
        let (peer, worker) = (self.peer, &*self.worker);
        let (mut desk, now) = (worker.take(), SystemTime::now());
        let line = match &self.state {
            State::Body(incoming) => &incoming.head,
            _ => &self.unread,
        };
        Turn { worker, desk: &mut desk, reply, peer, now, last: true }.refuse(None, line, late);
        self.worker.put_back(desk);
        self.state = State::Over { talking: true };
        Ok(self.go_on(reply))
    }

    fn is_idle(&self) -> bool {
        self.progress.phase == Phase::Idle && self.is_between()
    }

    fn pace(&self) -> Option<Pace> {
        let received = match &self.state {
            State::Body(incoming) => incoming.received,
            State::Head | State::Over { .. } => 0,
        };
        Some(self.progress.pace(&self.worker.service.times, received, self.last))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.worker.service.metrics.closed();
        self.worker.tidy();
    }
}

/// Forgets what was used. What is empty holds no memory: most connections wait most of the time.
fn keep(bytes: &mut Vec<u8>, used: usize) {
    if used == bytes.len() {
        *bytes = Vec::new();
    } else {
        bytes.drain(..used);
    }
}
