//! What happens in the life of a client, without a socket, a screen or a clock: events go in, with
//! the moment at which they happened, and actions come out.
//!
//! ```text
//!            name        OK              quit, end          EXIT
//!  Naming ───────► Entering ───► Talking ─────────► Leaving ─────► over
//!     ▲               │           │   ▲
//!     └───────────────┘           ▼   │ OK
//!        refused                 Returning
//!                     nobody is at the server's port any more
//! ```
//!
//! In Entering, Returning and Leaving an answer is waited for, and the request is repeated.
//!
//! - `steps.rs`: events and actions;
//! - `lines.rs`: what a line means that was typed; `answers.rs`: what the server's words mean, and
//!   its silence.

mod answers;
mod lines;
mod steps;

use std::net::SocketAddr;
use std::time::Instant;

use super::Options;
use super::seen::Seen;
pub use steps::{Action, Event, Prompt};

/// What the course's client says when it is let in.
pub const ENTERED: &str = "您已进入聊天室";

#[derive(Clone, Copy, Debug)]
enum State {
    Naming,
    Entering(Asked),
    Talking,
    Returning(Asked),
    Leaving(Asked),
    Over,
}

/// A request that waits for its answer.
#[derive(Clone, Copy, Debug)]
struct Asked {
    times: u32,
    again: Instant,
}

/// A client, from the first prompt to the end.
#[derive(Debug)]
pub struct Session {
    server: SocketAddr,
    options: Options,
    name: String,
    /// The name is the command line's: there is nobody to be asked for another one.
    fixed: bool,
    state: State,
    seen: Seen,
    actions: Vec<Action>,
}

impl Session {
    /// At its begin: logs in with this name, or asks for one.
    pub fn new(server: SocketAddr, name: Option<&str>, options: Options, now: Instant) -> Self {
        let mut session = Self {
            server,
            options,
            name: name.unwrap_or_default().to_owned(),
            fixed: name.is_some(),
            state: State::Naming,
            seen: Seen::default(),
            actions: Vec::new(),
        };
        match name {
            Some(_) => session.enter(now),
            None => session.actions.push(Action::Ask(Prompt::Name)),
        }
        session
    }

    /// What is to be done now, in this order.
    pub fn actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    /// Whether [`Session::actions`] has any.
    pub fn has_actions(&self) -> bool {
        !self.actions.is_empty()
    }

    /// Whether a line would mean something. While an answer is waited for it would not: who types
    /// ahead is read later.
    pub fn takes_lines(&self) -> bool {
        matches!(self.state, State::Naming | State::Talking)
    }

    /// Whether nobody has answered yet, so that another address of the server may be tried.
    pub fn is_entering(&self) -> bool {
        matches!(self.state, State::Entering(_))
    }

    /// The server is reached by another address.
    pub fn moved(&mut self, server: SocketAddr) {
        self.server = server;
    }

    /// When [`Event::Time`] is due.
    pub fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Entering(asked) | State::Returning(asked) | State::Leaving(asked) => {
                Some(asked.again)
            }
            State::Naming | State::Talking | State::Over => None,
        }
    }

    /// Something has happened.
    pub fn handle(&mut self, event: Event<'_>, now: Instant) {
        match (event, self.state) {
            (_, State::Over) => {}
            (Event::Line(line), State::Naming) => self.named(line, now),
            (Event::Line(line), State::Talking) => self.typed(line, now),
            (Event::EndOfInput | Event::Interrupted, State::Talking) => self.leave(now),
            (Event::Interrupted, State::Leaving(_)) => {
                self.end(Err(format!("left without an answer of {}", self.server)));
            }
            (Event::EndOfInput, State::Naming) | (Event::Interrupted, _) => self.end(Ok(())),
            (Event::Datagram(bytes), _) => self.received(bytes),
            (Event::Unreachable, State::Talking) => self.lost(now),
            (Event::Unreachable, State::Entering(_) | State::Leaving(_)) => {
                self.end(Err(format!("nobody answers at {}: there is no server", self.server)));
            }
            (Event::Time, _) if self.deadline().is_some_and(|again| again <= now) => {
                self.ask_again(now);
            }
            (Event::Time | Event::Unreachable | Event::Line(_) | Event::EndOfInput, _) => {}
        }
    }

    fn end(&mut self, how: Result<(), String>) {
        self.state = State::Over;
        self.actions.push(Action::End(how));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.actions.push(Action::Note(text.into()));
    }
}
