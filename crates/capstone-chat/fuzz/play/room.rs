//! Bytes as the story of a room: who sends what, when time passes, when the post is delivered. The
//! same story is told to a model that searches, copies and sends at once, as the course's server
//! does; in the end everybody must have got the same, in the same order.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use capstone_chat::room::{Limits, Room};
use capstone_chat::wire::{ADMINISTRATOR, BadName, Message, Name, Request};

const LONGEST: usize = 200;
const MEMBERS: usize = 5;
const IDLE: Duration = Duration::from_secs(10);

/// Panics when the two differ.
pub(crate) fn play(mut story: &[u8]) {
    let limits = Limits { longest: LONGEST, members: MEMBERS, idle: Some(IDLE) };
    let mut room = Room::new(limits);
    let mut model = Model::default();
    let (mut got, mut now) = (Post::new(), Instant::now());
    let mut datagrams = 0;
    while let [what, length, rest @ ..] = story {
        let length = rest.len().min(usize::from(*length) * usize::from(1 + what / 128));
        let (bytes, rest) = rest.split_at(length);
        story = rest;
        match what % 16 {
            0 => deliver(&mut room, &mut got),
            1 => now += Duration::from_secs(length as u64 % 6),
            2 => {
                // The clock is looked at as the server looks at it: when it is time.
                room.evict(now);
                model.evict(now);
            }
            3 => {
                let line = String::from_utf8_lossy(bytes);
                let posted = room.announce(&line);
                assert_eq!(posted, model.announce(&line));
            }
            port => {
                room.receive(bytes, ([127, 0, 0, 1], port.into()).into(), now);
                model.receive(bytes, port.into(), now);
                datagrams += 1;
            }
        }
        assert_eq!(room.members(), model.members.len());
    }
    deliver(&mut room, &mut got);
    assert_eq!(got, model.post);
    assert_eq!(room.counters().received(), datagrams);
}

type Post = BTreeMap<u16, Vec<Vec<u8>>>;

fn deliver(room: &mut Room, post: &mut Post) {
    room.deliver(|delivery| {
        let SocketAddr::V4(to) = delivery.to else { panic!("{}", delivery.to) };
        let messages = delivery.messages().map(<[u8]>::to_vec);
        post.entry(to.port()).or_default().extend(messages);
    });
    room.clear();
}

#[derive(Default)]
struct Model {
    members: Vec<(u16, String, Instant)>,
    post: Post,
}

impl Model {
    fn send(&mut self, to: u16, message: Message<'_>) {
        self.post.entry(to).or_default().push(message.to_vec());
    }

    fn send_others(&mut self, but: Option<u16>, message: Message<'_>) -> bool {
        let to: Vec<u16> = self.members.iter().map(|member| member.0).collect();
        let fits = message.to_vec().len() <= LONGEST;
        for to in to.into_iter().filter(|&to| fits && Some(to) != but) {
            self.send(to, message);
        }
        fits
    }

    fn announce(&mut self, line: &str) -> bool {
        self.send_others(None, Message::Announced(line))
    }

    fn receive(&mut self, bytes: &[u8], from: u16, now: Instant) {
        if bytes.len() > LONGEST {
            return;
        }
        let own =
            |name: &str| self.members.iter().position(|(at, own, _)| *at == from && own == name);
        match Request::parse(bytes) {
            Err(_) => {}
            Ok(Request::Login { name }) => match own(name) {
                Some(own) => {
                    self.members[own].2 = now;
                    self.send(from, Message::Accepted);
                }
                None => self.login(name, from, now),
            },
            Ok(Request::Chat { name, text }) => {
                if let Some(own) = own(name) {
                    self.members[own].2 = now;
                    self.send_others(Some(from), Message::Said { name, text });
                }
            }
            Ok(Request::Quit { name }) => {
                if own(name).is_some() {
                    self.part(from);
                }
            }
        }
    }

    fn login(&mut self, name: &str, from: u16, now: Instant) {
        let taken = name == ADMINISTRATOR
            || self.members.iter().any(|(at, other, _)| *at == from || other == name);
        let answer = match Name::new(name) {
            Err(BadName::Reserved) => Message::Taken,
            Err(_) => Message::Unusable,
            Ok(_) if taken => Message::Taken,
            Ok(_) if self.members.len() == MEMBERS => Message::Full,
            Ok(_) => {
                self.send(from, Message::Accepted);
                self.send_others(None, Message::Joined(name));
                return self.members.push((from, name.into(), now));
            }
        };
        self.send(from, answer);
    }

    fn part(&mut self, from: u16) {
        let at = self.members.iter().position(|member| member.0 == from);
        let (_, name, _) = self.members.remove(at.expect("it is a member"));
        self.send(from, Message::Exit);
        self.send_others(None, Message::Left(&name));
    }

    fn evict(&mut self, now: Instant) {
        let is_over = |member: &&(u16, String, Instant)| now - member.2 >= IDLE;
        let over: Vec<u16> = self.members.iter().filter(is_over).map(|member| member.0).collect();
        for from in over {
            self.part(from);
        }
    }
}
