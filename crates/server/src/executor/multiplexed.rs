//! All clients in one loop. There is no such class in CPython's `socketserver`; `asyncio` took its
//! place.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsFd as _;
use std::time::Instant;

use multiplex::{Interest, Token};
use syscall::Deadline;

use super::alarms::Alarms;
use super::talk::{Multiplex, Talk};
use super::{Executor, spare};
use crate::core::{Core, Crew};
use crate::error::Result;
use crate::request::{Request, shielded};
use crate::room::Room;
use crate::served::End;
use crate::transport::Transport;

/// Serves all clients in the serving thread, each as far as it can go without waiting: thousands
/// cost a descriptor and a buffer each. A handler that computes stops everybody.
///
/// When descriptors run out, clients that are idle ([`Session::is_idle`](crate::Session::is_idle))
/// make room for those who wait to be let in. The other executors let nobody in before somebody has
/// left: whoever serves an idle client there sleeps in a wait for it, and cannot be asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Multiplexed;

impl<T: Transport, H: Multiplex<T::Request>> Executor<T, H> for Multiplexed {
    type Crew = Crowd<H, H::Talk>;

    fn at_once(&self) -> usize {
        1000
    }

    fn start(self, handler: H, _: &mut Core<T>) -> Result<Self::Crew> {
        Ok(Crowd { handler, talks: BTreeMap::new(), room: Room::new(), alarms: Alarms::default() })
    }
}

/// All clients of the loop.
#[derive(Debug)]
pub struct Crowd<H, K> {
    handler: H,
    talks: BTreeMap<Token, Place<K>>,
    /// For whose turn it is.
    room: Room,
    alarms: Alarms,
}

/// One client, and what the loop has been told about it.
#[derive(Debug)]
struct Place<K> {
    talk: K,
    interest: Interest,
    alarm: Option<Instant>,
}

impl<T: Transport, H: Multiplex<T::Request>> Crew<T> for Crowd<H, H::Talk> {
    fn take(&mut self, request: T::Request, core: &mut Core<T>) -> Result<()> {
        let peer = request.peer();
        match self.handler.begin(request) {
            Ok(mut talk) => {
                // As a rule its request has come already, and often it is the only one: then the
                // poller never hears of this client.
                if let Some(end) = attempt(|| talk.act(&mut self.room)) {
                    close(talk);
                    core.ended(&peer, &end);
                    return Ok(());
                }
                let interest = talk.interest();
                let taken = |token| self.talks.contains_key(&token);
                match core.watch(talk.as_fd(), interest, taken) {
                    Ok(token) => {
                        self.talks.insert(token, Place { talk, interest, alarm: None });
                        self.set_alarm(token);
                    }
                    Err(error) if error.is_transient() => {
                        close(talk);
                        core.ended(&peer, &End::Failed(error.into()));
                        core.rest();
                    }
                    Err(error) => return Err(error),
                }
            }
            Err(end) => core.ended(&peer, &end),
        }
        Ok(())
    }

    fn ready(&mut self, token: Token, core: &mut Core<T>) -> Result<()> {
        self.with(token, core, Talk::act)
    }

    fn make_room(&mut self, core: &mut Core<T>) -> Result<bool> {
        let spared = spare::of(self.talks.iter().map(|(&token, place)| (token, &place.talk)));
        for &token in &spared {
            // What has come meanwhile is answered first.
            self.with(token, core, |talk, room| Ok(talk.act(room)? || talk.is_idle()))?;
        }
        Ok(!spared.is_empty())
    }

    fn busy(&self) -> usize {
        self.talks.len()
    }

    fn deadline(&self) -> Deadline {
        self.alarms.first().map_or(Deadline::Never, |(moment, _)| Deadline::At(moment))
    }

    fn expire(&mut self, core: &mut Core<T>) -> Result<()> {
        while let Some((moment, token)) = self.alarms.first()
            && Deadline::At(moment).has_passed()
        {
            self.alarms.ring(token, moment);
            let Some(place) = self.talks.get_mut(&token) else { continue };
            place.alarm = None;
            if place.talk.deadline().has_passed() {
                self.with(token, core, |talk, _| talk.late())?;
            }
            self.set_alarm(token);
        }
        Ok(())
    }

    fn stopping(&mut self, by: Deadline, core: &mut Core<T>) -> Result<()> {
        let all: Vec<Token> = self.talks.keys().copied().collect();
        all.into_iter().try_for_each(|token| self.with(token, core, |talk, _| talk.stop(by)))
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
    /// Does something for a client, and tells the loop what it waits for now.
    fn with<T, R>(
        &mut self,
        token: Token,
        core: &mut Core<T>,
        act: impl FnOnce(&mut K, &mut Room) -> io::Result<bool>,
    ) -> Result<()>
    where
        T: Transport<Request = R>,
        R: Request,
        K: Talk<R>,
    {
        let Some(Place { talk, interest, .. }) = self.talks.get_mut(&token) else { return Ok(()) };
        if let Some(end) = attempt(|| act(talk, &mut self.room)) {
            return self.part_with(token, &end, core);
        }
        let known = std::mem::replace(interest, talk.interest());
        if known != *interest {
            core.change(talk.as_fd(), token, *interest)?;
        }
        self.set_alarm(token);
        Ok(())
    }

    fn set_alarm<R: Request>(&mut self, token: Token)
    where
        K: Talk<R>,
    {
        if let Some(Place { talk, alarm, .. }) = self.talks.get_mut(&token) {
            self.alarms.set(token, alarm, talk.deadline());
        }
    }

    fn part_with<T, R>(&mut self, token: Token, end: &End, core: &mut Core<T>) -> Result<()>
    where
        T: Transport<Request = R>,
        R: Request,
        K: Talk<R>,
    {
        let Some(Place { talk, mut alarm, .. }) = self.talks.remove(&token) else { return Ok(()) };
        self.alarms.clear(token, &mut alarm);
        core.forget(talk.as_fd())?;
        let peer = talk.peer();
        close(talk);
        core.ended(&peer, end);
        Ok(())
    }
}

/// The end of a client, if this was it.
fn attempt(act: impl FnOnce() -> io::Result<bool>) -> Option<End> {
    let mut done = false;
    let end = shielded(|| {
        done = act()?;
        Ok(())
    });
    (done || !matches!(end, End::Done)).then_some(end)
}

/// Before its end is told, as with all the others. A session's destructor is foreign too.
fn close(talk: impl Sized) {
    let _ = shielded(|| {
        drop(talk);
        Ok(())
    });
}
