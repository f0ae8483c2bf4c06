//! The room: a datagram, an address and an instant go in, datagrams for others wait to come out.
//! Pure: it sends nothing, waits for nothing and looks at no clock, so that every rule of the chat
//! can be tried by a function call.
//!
//! Rules, beyond the five features of the course:
//! - a name belongs to the address that has logged in with it, and an address has one name;
//! - what comes under somebody else's name, from strangers, or makes no sense, has no effect but to
//!   be counted by its reason;
//! - a login that is repeated (its answer was lost) is answered again and announced once.

mod counters;
mod idle;
mod limits;
mod members;
mod post;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::Instant;

use crate::wire::{ADMINISTRATOR, BadName, Message, Name, Request};
pub use counters::{Counters, Event, Reason};
pub use limits::Limits;
use members::Members;
pub use post::Delivery;
use post::Post;

/// The members, and what waits to be sent to them.
#[derive(Debug)]
pub struct Room {
    limits: Limits,
    members: Members,
    post: Post,
    counters: Counters,
    /// When somebody may have been silent for too long: not before this.
    check: Option<Instant>,
}

impl Room {
    /// An empty one.
    pub fn new(limits: Limits) -> Self {
        let (members, post) = (Members::default(), Post::default());
        Self { limits, members, post, counters: Counters::default(), check: None }
    }

    /// How many members there are.
    pub fn members(&self) -> usize {
        self.members.len()
    }

    /// What has happened so far.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// One datagram, as it has come at `now`.
    pub fn receive(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) -> Event {
        if datagram.len() > self.limits.longest {
            return self.drop_for(Reason::TooLong);
        }
        match Request::parse(datagram) {
            Err(why) => self.drop_for(Reason::Malformed(why)),
            Ok(Request::Login { name }) => self.login(name, from, now),
            Ok(Request::Chat { name, text }) => self.chat(name, text, from, now),
            Ok(Request::Quit { name }) => self.quit(name, from, now),
        }
    }

    /// A line of the administrator goes to all. False when it is too long.
    #[must_use]
    pub fn announce(&mut self, line: &str) -> bool {
        let posted = self.post.notice(Message::Announced(line), None, self.limits.longest);
        self.counters.announced += u64::from(posted);
        posted
    }

    /// Whether nothing waits to be sent.
    pub fn is_quiet(&self) -> bool {
        self.post.is_empty()
    }

    /// Hands out all that waits to be sent, receiver by receiver; then [`Room::clear`] forgets it.
    /// Answers come first, then notices, to members in the order of their logins.
    pub fn deliver<'a>(&'a self, each: impl FnMut(Delivery<'a>)) {
        self.post.deliver(&self.members, each);
    }

    /// What was handed out is sent.
    pub fn clear(&mut self) {
        self.post.clear();
    }

    fn login(&mut self, name: &str, from: SocketAddr, now: Instant) -> Event {
        if let Some(member) = self.members.at_mut(from)
            && *member.name == *name
        {
            member.heard = now;
            self.post.answer_member(member, Message::Accepted);
            self.counters.again += 1;
            return Event::Again;
        }
        let name = match Name::new(name) {
            Ok(name) => name,
            Err(BadName::Reserved) => return self.refuse(from, Message::Taken),
            Err(_) => return self.refuse(from, Message::Unusable),
        };
        if self.members.has_name(name.as_str()) || self.members.at_mut(from).is_some() {
            return self.refuse(from, Message::Taken);
        }
        if self.members.len() >= self.limits.members {
            return self.refuse(from, Message::Full);
        }
        self.post.answer(from, Message::Accepted);
        let joined = Message::Joined(name.as_str());
        // A name has its own limit.
        let _ = self.post.notice(joined, None, usize::MAX);
        // The newcomer does not hear of himself: what is posted from now on is for him.
        self.members.add(name, from, now, self.post.next());
        self.postpone(now);
        self.counters.joined += 1;
        Event::Joined
    }

    fn chat(&mut self, name: &str, text: &str, from: SocketAddr, now: Instant) -> Event {
        let id = match self.sender(name, from, now) {
            Ok(id) => id,
            Err(reason) => return self.drop_for(reason),
        };
        if !self.post.notice(Message::Said { name, text }, Some(id), self.limits.longest) {
            return self.drop_for(Reason::TooLong);
        }
        self.counters.said += 1;
        Event::Said
    }

    fn quit(&mut self, name: &str, from: SocketAddr, now: Instant) -> Event {
        if let Err(reason) = self.sender(name, from, now) {
            return self.drop_for(reason);
        }
        self.part(from);
        self.counters.left += 1;
        Event::Left
    }

    /// Who speaks: a request is believed when its name belongs to the address that it came from.
    fn sender(
        &mut self,
        name: &str,
        from: SocketAddr,
        now: Instant,
    ) -> Result<members::Id, Reason> {
        let taken = name == ADMINISTRATOR || self.members.has_name(name);
        match self.members.at_mut(from) {
            Some(member) if *member.name == *name => {
                member.heard = now;
                Ok(member.id)
            }
            Some(_) => Err(Reason::NotYours),
            None if taken => Err(Reason::NotYours),
            None => Err(Reason::Stranger),
        }
    }

    fn refuse(&mut self, from: SocketAddr, why: Message<'_>) -> Event {
        match self.members.at_mut(from) {
            Some(member) => self.post.answer_member(member, why),
            None => self.post.answer(from, why),
        }
        self.counters.refused += 1;
        Event::Refused
    }

    fn drop_for(&mut self, reason: Reason) -> Event {
        self.counters.drop_for(reason);
        Event::Dropped(reason)
    }

    /// Tells the one who leaves, and the others.
    fn part(&mut self, address: SocketAddr) {
        if let Some(mut member) = self.members.remove(address) {
            self.post.answer_member(&mut member, Message::Exit);
            let _ = self.post.notice(Message::Left(&member.name), None, usize::MAX);
        }
    }
}
