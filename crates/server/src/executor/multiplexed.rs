//! All clients in one loop. There is no such class in CPython's `socketserver`; `asyncio` took its
//! place.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsFd as _;

use multiplex::{Interest, Token};
use syscall::Deadline;

use super::Executor;
use super::talk::{Multiplex, Talk};
use crate::core::{Core, Crew};
use crate::error::Result;
use crate::request::{Request, shielded};
use crate::served::End;
use crate::transport::Transport;

/// Serves all clients in the serving thread, each as far as it can go without waiting: thousands
/// cost a descriptor and a buffer each. A handler that computes stops everybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Multiplexed;

impl<T: Transport, H: Multiplex<T::Request>> Executor<T, H> for Multiplexed {
    type Crew = Crowd<H, H::Talk>;

    fn at_once(&self) -> usize {
        1000
    }

    fn start(self, handler: H, _: &mut Core<T>) -> Result<Self::Crew> {
        Ok(Crowd { handler, talks: BTreeMap::new() })
    }
}

/// All clients of the loop, the oldest first.
#[derive(Debug)]
pub struct Crowd<H, K> {
    handler: H,
    talks: BTreeMap<Token, (K, Interest)>,
}

impl<T: Transport, H: Multiplex<T::Request>> Crew<T> for Crowd<H, H::Talk> {
    fn take(&mut self, request: T::Request, core: &mut Core<T>) -> Result<()> {
        let peer = request.peer();
        match self.handler.begin(request) {
            Ok(talk) => {
                let interest = talk.interest();
                let token = core.watch(talk.as_fd(), interest)?;
                self.talks.insert(token, (talk, interest));
            }
            Err(end) => core.ended(&peer, &end),
        }
        Ok(())
    }

    fn ready(&mut self, token: Token, core: &mut Core<T>) -> Result<()> {
        let Some((talk, known)) = self.talks.get_mut(&token) else { return Ok(()) };
        let mut done = false;
        let end = shielded(|| {
            done = talk.act()?;
            Ok(())
        });
        if done || !matches!(end, End::Done) {
            return self.part_with(token, &end, core);
        }
        let interest = talk.interest();
        if *known != interest {
            *known = interest;
            core.change(talk.as_fd(), token, interest)?;
        }
        Ok(())
    }

    fn busy(&self) -> usize {
        self.talks.len()
    }

    /// All have the same time, so it is over first for the oldest.
    fn deadline(&self) -> Deadline {
        self.talks.values().next().map_or(Deadline::Never, |(talk, _)| talk.deadline())
    }

    fn expire(&mut self, core: &mut Core<T>) -> Result<()> {
        while let Some((&token, (talk, _))) = self.talks.first_key_value()
            && talk.deadline().has_passed()
        {
            self.part_with(token, &End::Failed(io::ErrorKind::TimedOut.into()), core)?;
        }
        Ok(())
    }

    fn stopping(&mut self, by: Deadline) {
        for (talk, _) in self.talks.values_mut() {
            talk.end_by(by);
        }
    }

    /// There is nobody left: the grace was their deadline.
    fn dismiss(&mut self, core: &mut Core<T>) -> Result<()> {
        while let Some((&token, _)) = self.talks.first_key_value() {
            self.part_with(token, &End::Dropped, core)?;
        }
        Ok(())
    }
}

impl<H, K> Crowd<H, K> {
    fn part_with<T, R>(&mut self, token: Token, end: &End, core: &mut Core<T>) -> Result<()>
    where
        T: Transport<Request = R>,
        R: Request,
        K: Talk<R>,
    {
        let Some((talk, _)) = self.talks.remove(&token) else { return Ok(()) };
        core.forget(talk.as_fd())?;
        let peer = talk.peer();
        // Closed before it is told, as with all the others. A session's destructor is foreign too.
        let _ = shielded(|| {
            drop(talk);
            Ok(())
        });
        core.ended(&peer, end);
        Ok(())
    }
}
