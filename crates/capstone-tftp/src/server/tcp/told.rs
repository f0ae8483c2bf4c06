//! Answers that are also events: who is served, and who wants to know.

use std::net::SocketAddr;
use std::sync::Arc;

use server::Reply;

use super::event::{Event, Outcome, What};
use crate::store::Refusal;
use crate::wire::{Answer, Code};

/// A refusal in the words of the protocol.
pub(super) struct No(pub(super) Code, pub(super) String);

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::BadName => Code::BadName,
            Refusal::NotFound => Code::NotFound,
            Refusal::NotOrdinary => Code::NotOrdinary,
            Refusal::Denied => Code::Denied,
            Refusal::ReadOnly => Code::ReadOnly,
            Refusal::Exists => Code::Exists,
            Refusal::TooLarge => Code::TooLarge,
            Refusal::TooMany => Code::TooMany,
            Refusal::Full => Code::Full,
            Refusal::Gone | Refusal::Io(_) => Code::Trouble,
        };
        Self(code, refusal.to_string())
    }
}

/// Whom a session serves, and who wants to know.
pub(super) struct Told {
    pub(super) peer: SocketAddr,
    pub(super) tell: Arc<dyn Fn(&Event<'_>) + Send + Sync>,
}

impl Told {
    /// Something was done.
    pub(super) fn done(&self, what: What, name: &[u8], bytes: u64) {
        self.tell(what, name, Outcome::Done(bytes));
    }

    /// Something is refused, and the client learns why.
    pub(super) fn refuse(&self, (what, name): (What, &[u8]), no: impl Into<No>, reply: &mut Reply) {
        let No(code, text) = no.into();
        self.tell(what, name, Outcome::Refused(code, &text));
        reply.push(&Answer::No { code, text: text.as_bytes() }.to_bytes());
    }

    /// It goes no further.
    pub(super) fn broken(&self, what: What, name: &[u8]) {
        self.tell(what, name, Outcome::Broken);
    }

    fn tell(&self, what: What, name: &[u8], outcome: Outcome<'_>) {
        (self.tell)(&Event { peer: self.peer, what, name, outcome });
    }
}
