//! What the server's words mean, and its silence.

use std::time::Instant;

use super::super::seen::Seen;
use super::{Action, Asked, ENTERED, Prompt, Session, State};
use crate::wire::{EXIT, Message, OK, Request, harmless};

/// A server that is restarted is waited for longer than one that was never seen.
const RETURNS: u32 = 30;

impl Session {
    /// Logs in, for the first time.
    pub(super) fn enter(&mut self, now: Instant) {
        self.state = State::Entering(Asked { times: 0, again: now });
        self.ask_again(now);
    }

    /// Sends the request whose answer is missing, until that was done often enough.
    pub(super) fn ask_again(&mut self, now: Instant) {
        let (asked, most) = match &mut self.state {
            State::Entering(asked) | State::Leaving(asked) => (asked, self.options.attempts),
            State::Returning(asked) => (asked, RETURNS),
            State::Naming | State::Talking | State::Over => return,
        };
        let times = asked.times;
        asked.times += 1;
        asked.again = now + self.options.patience;
        if times >= most {
            let server = self.server;
            return self.end(Err(format!("nobody answers at {server}, asked {times} times")));
        }
        let name = &self.name;
        let request = match self.state {
            State::Leaving(_) => Request::Quit { name },
            _ => Request::Login { name },
        };
        self.actions.push(Action::Send(request.to_vec()));
    }

    /// The server has gone in the middle of a session. If it comes back it knows nobody.
    pub(super) fn lost(&mut self, now: Instant) {
        let (server, patience) = (self.server, self.options.patience);
        self.note(format!(
            "nobody is at {server} any more, and what was said last may be lost: waiting for the \
             server to come back"
        ));
        self.state = State::Returning(Asked { times: 0, again: now + patience });
    }

    pub(super) fn received(&mut self, bytes: &[u8]) {
        // UDP carries empty datagrams; they say nothing.
        if bytes.is_empty() {
            return;
        }
        if bytes == EXIT {
            if !matches!(self.state, State::Leaving(_)) {
                self.note("the server has ended this session");
            }
            return self.end(Ok(()));
        }
        if let Some(notice) = bytes.strip_prefix(b"\n") {
            let text = harmless(notice);
            self.seen.look_at(&text);
            return self.actions.push(Action::Show(text.into_owned()));
        }
        match self.state {
            State::Entering(_) if bytes == OK => {
                self.state = State::Talking;
                self.actions.push(Action::Show(ENTERED.to_owned()));
                self.actions.push(Action::Ask(Prompt::Text));
            }
            State::Returning(_) if bytes == OK => {
                self.state = State::Talking;
                self.seen = Seen::default();
                let name = self.name.clone();
                self.note(format!("the server was restarted, and {name} is in the room again"));
            }
            State::Entering(_) | State::Returning(_) => self.refused(&harmless(bytes)),
            // Late: the login was repeated, and each one of them is answered.
            State::Talking | State::Leaving(_) if is_answer(bytes) => {}
            // Not in the words of the course's server, but meant for us.
            State::Talking | State::Leaving(_) => {
                self.actions.push(Action::Show(harmless(bytes).into_owned()));
            }
            State::Naming | State::Over => {}
        }
    }

    fn refused(&mut self, answer: &str) {
        if self.fixed || matches!(self.state, State::Returning(_)) {
            return self.end(Err(format!("the server refuses {}: {answer}", self.name)));
        }
        self.state = State::Naming;
        self.actions.push(Action::Show(answer.to_owned()));
        self.actions.push(Action::Ask(Prompt::Name));
    }
}

/// An answer to a login.
fn is_answer(bytes: &[u8]) -> bool {
    bytes == OK || bytes == Message::Taken.to_vec()
}
