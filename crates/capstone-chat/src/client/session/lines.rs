//! What a line means that was typed.

use std::str;
use std::time::Instant;

use super::super::check;
use super::{Action, Asked, Prompt, Session, State};
use crate::wire::{LONGEST, Message, Request, harmless};

const HELP: [&str; 3] = [
    "quit, /quit, Ctrl-D: leave the room",
    "/who: who was seen so far; the protocol has no list, so whoever was here before and is silent is missing",
    "anything else is said to all",
];

impl Session {
    /// In Naming: a name, or a way out.
    pub(super) fn named(&mut self, line: &[u8], now: Instant) {
        let Ok(text) = str::from_utf8(line) else {
            return self.no_name("a name is UTF-8");
        };
        match text.trim() {
            "/quit" => self.end(Ok(())),
            name => match check(name) {
                Ok(()) => {
                    name.clone_into(&mut self.name);
                    self.enter(now);
                }
                Err(bad) => self.no_name(&bad.to_string()),
            },
        }
    }

    fn no_name(&mut self, why: &str) {
        self.note(harmless(why.as_bytes()));
        self.actions.push(Action::Ask(Prompt::Name));
    }

    /// In Talking: a command, or something to be said.
    pub(super) fn typed(&mut self, line: &[u8], now: Instant) {
        match line.trim_ascii() {
            b"quit" | b"/quit" => self.leave(now),
            b"/help" => HELP.iter().for_each(|line| self.note(*line)),
            b"/who" => match self.seen.list() {
                nobody if nobody.is_empty() => self.note("nobody was seen yet"),
                names => self.note(format!("seen so far: {names}")),
            },
            _ => self.say(line),
        }
    }

    fn say(&mut self, line: &[u8]) {
        let Ok(text) = str::from_utf8(line) else {
            return self.note("not sent: that line is not UTF-8");
        };
        // The notice that others get is longer than the request. What they could only get in part
        // is not sent at all.
        let long = Message::Said { name: &self.name, text: "" }.to_vec().len() + text.len();
        if long > LONGEST {
            let most = LONGEST - (long - text.len());
            return self.note(format!(
                "not sent: that line has {} bytes, and a datagram of the chat has room for {most}",
                text.len()
            ));
        }
        let request = Request::Chat { name: &self.name, text }.to_vec();
        self.actions.push(Action::Send(request));
    }

    pub(super) fn leave(&mut self, now: Instant) {
        self.state = State::Leaving(Asked { times: 0, again: now });
        self.ask_again(now);
    }
}
