//! As many requests as there are, and as there is room for answers.

use std::time::SystemTime;

use server::Reply;

use super::{Session, State};
use crate::connection::turn::{Then, Turn};
use crate::message::{Parsed, parse_again};

impl Session {
    /// Answers what is there, as long as there is room for answers. Gives how many bytes were used.
    pub(super) fn work(&mut self, bytes: &[u8], reply: &mut Reply) -> usize {
        let mut desk = self.worker.take();
        let (mut used, now, last) = (0, SystemTime::now(), self.last || self.surplus);
        while !reply.is_full() {
            let rest = &bytes[used..];
            let (peer, worker) = (self.peer, &*self.worker);
            let mut turn = Turn { worker, desk: &mut desk, reply, peer, now, last };
            let then = match &mut self.state {
                State::Head if rest.is_empty() => break,
                State::Head => match parse_again(rest, self.seen, &self.worker.service.limits) {
                    Ok(Parsed::Partial) => {
                        self.seen = rest.len();
                        break;
                    }
                    Ok(Parsed::Done { head, length }) => {
                        used += length;
                        self.progress.step();
                        self.seen = 0;
                        let head = (&head, &rest[..length]);
                        if self.surplus { turn.surplus(head) } else { turn.request(head) }
                    }
                    Err(refusal) => turn.refuse(None, rest, refusal),
                },
                State::Body(incoming) => match incoming.take(rest) {
                    Ok((length, false)) => {
                        used += length;
                        break;
                    }
                    Ok((length, true)) => {
                        used += length;
                        turn.whole(incoming)
                    }
                    Err(refusal) => turn.refuse(None, &incoming.head, refusal),
                },
                State::Over { .. } => break,
            };
            self.state = match then {
                Then::Go => State::Head,
                Then::Body(incoming) => State::Body(incoming),
                Then::Close => State::Over { talking: used < bytes.len() },
                Then::Linger => State::Over { talking: true },
            };
        }
        self.worker.put_back(desk);
        if matches!(self.state, State::Over { .. }) {
            used = bytes.len();
        }
        self.stalled = reply.is_full() && used < bytes.len();
        used
    }
}
