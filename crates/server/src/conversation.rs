//! One client's session, and what can be done for it without waiting.
//!
//! The event loop has many of them and the blocking executors one for each handler; what is done
//! is the same, and only who waits for readiness differs.

use std::io;
use std::net::Shutdown;
use std::time::Duration;

use multiplex::Interest;
use sockets::not_now;
use syscall::Deadline;

use crate::connection::Stream;
use crate::handler::{Next, Session};
use crate::reply::Reply;
use crate::room::{self, Room};

/// The most bytes that are sent before others have their turn.
const TURN: usize = 1024 * 1024;

/// How long a client that has been told the last words may take to close.
const FAREWELL: Duration = Duration::from_secs(2);

/// A session that is going on.
#[derive(Debug)]
pub(crate) struct Conversation<N> {
    session: N,
    owed: Reply,
    state: State,
    /// The session wants another turn, whatever the client does.
    again: bool,
    /// How far the client had come, and how long it may take for the next step.
    step: Option<u64>,
    deadline: Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Talking,
    /// Nothing more is read; it ends when nothing is owed.
    Closing,
    /// The same, but then the client is waited for.
    Lingering,
    /// Our side is closed; what still comes is dropped.
    Parting,
}

impl<N: Session> Conversation<N> {
    pub(crate) fn new(session: N) -> Self {
        let mut begun = Self {
            session,
            owed: room::nothing(),
            state: State::Talking,
            again: false,
            step: None,
            deadline: Deadline::Never,
        };
        begun.keep_time(true);
        begun
    }

    /// What to wait for.
    pub(crate) fn interest(&self) -> Interest {
        let mut interest = Interest::empty();
        interest.set(Interest::READABLE, self.reads());
        // There is nearly always room, so that "again" comes at once, but after all the others.
        interest.set(Interest::WRITABLE, !self.owed.is_empty() || self.again);
        interest
    }

    /// When the client is too slow.
    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Whether nobody waits for anything, neither the client for us nor we for the end of what it says.
    pub(crate) fn is_idle(&self) -> bool {
        self.state == State::Talking
            && self.owed.is_empty()
            && !self.again
            && self.session.is_idle()
    }

    /// Does what can be done without waiting. True when everything is done.
    pub(crate) fn act(&mut self, peer: &impl Stream, room: &mut Room) -> io::Result<bool> {
        room.lend(&mut self.owed);
        let done = self.turn(peer, &mut room.bytes)?;
        room.take_back(&mut self.owed);
        Ok(done)
    }

    fn turn(&mut self, peer: &impl Stream, bytes: &mut [u8]) -> io::Result<bool> {
        if self.reads() {
            // One read: what is left over is reported again, after the others had their turn.
            match peer.read(bytes) {
                Ok(0) if self.state == State::Parting => return Ok(true),
                Ok(0) => {
                    self.session.ended(&mut self.owed)?;
                    self.state = State::Closing;
                }
                Ok(_) if self.state == State::Parting => {}
                Ok(n) => {
                    let next = self.session.received(&bytes[..n], &mut self.owed)?;
                    self.follow(next);
                }
                Err(error) if not_now(&error) => {}
                Err(error) => return Err(error),
            }
        }
        self.send(peer)
    }

    /// The server will stop. Otherwise as [`Conversation::act`].
    pub(crate) fn stopping(&mut self, peer: &impl Stream) -> io::Result<bool> {
        if self.state == State::Talking {
            let next = self.session.stopping(&mut self.owed)?;
            self.follow(next);
        }
        self.send(peer)
    }

    /// The time for its next step is over. Otherwise as [`Conversation::act`].
    pub(crate) fn late(&mut self, peer: &impl Stream) -> io::Result<bool> {
        if self.state == State::Talking {
            let next = self.session.late(&mut self.owed)?;
            self.follow(next);
            if matches!(self.state, State::Closing | State::Lingering) {
                self.keep_time(true);
                return self.send(peer);
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    fn reads(&self) -> bool {
        match self.state {
            State::Talking => !self.owed.is_full() && !self.again,
            State::Closing | State::Lingering => false,
            State::Parting => true,
        }
    }

    /// Sends what is owed, and what the session adds to it when that has gone.
    fn send(&mut self, peer: &impl Stream) -> io::Result<bool> {
        let mut left = TURN;
        while self.state != State::Parting {
            let sent = self.owed.flush(peer, left)?;
            left -= sent;
            self.keep_time(sent > 0);
            if !self.owed.is_empty() {
                return Ok(false);
            }
            let next = self.session.more(&mut self.owed)?;
            self.follow(next);
            // When it is our turn, it is not the client that is slow.
            self.keep_time(self.again);
            if self.again || left == 0 && !self.owed.is_empty() {
                return Ok(false);
            }
            if self.owed.is_empty() {
                break;
            }
        }
        match self.state {
            State::Closing => return Ok(true),
            State::Lingering => {
                // The client sees the end behind our last words, and can close in peace.
                peer.shutdown(Shutdown::Write)?;
                (self.state, self.deadline) = (State::Parting, Deadline::after(FAREWELL));
            }
            State::Talking | State::Parting => {}
        }
        Ok(false)
    }

    fn follow(&mut self, next: Next) {
        self.again = next == Next::Again;
        match next {
            Next::Close if self.state == State::Talking => self.state = State::Closing,
            Next::Linger if self.state == State::Talking => self.state = State::Lingering,
            _ => {}
        }
    }

    /// The time begins anew with each step, and with whatever the client has taken.
    fn keep_time(&mut self, moved: bool) {
        let pace = self.session.pace();
        let step = pace.map(|pace| pace.step);
        if moved || self.step != step {
            self.step = step;
            self.deadline = pace.map(|pace| pace.within).into();
        }
    }
}
