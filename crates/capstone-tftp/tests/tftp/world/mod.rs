//! A client and a server with a network between them, of which each datagram may be lost, doubled or
//! late; from a seed, so that a failure can be had again.

mod party;
mod wire;

pub(crate) use party::{Party, feed};
pub(crate) use wire::{Weather, Wire};

use std::time::Instant;

use capstone_tftp::tftp::options::{self, Agreed, Ask, Limits};
use capstone_tftp::tftp::packet::{self, Direction, Mode, Packet};
use capstone_tftp::tftp::{End, Receiver, Sender, Timing};
use fastrand::Rng;

/// What became of a transfer.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) got: Vec<u8>,
    pub(crate) sender: End,
    pub(crate) receiver: End,
    pub(crate) agreed: Agreed,
    /// DATA packets that were sent, and other ones.
    pub(crate) data: u64,
    pub(crate) others: u64,
}

/// A whole transfer, both ends of it included.
pub(crate) fn transfer(
    direction: Direction,
    file: &[u8],
    ask: &Ask,
    weather: Weather,
    seed: u64,
) -> Outcome {
    let mut now = Instant::now();
    let (timing, limits) = (Timing::default(), Limits::default());
    let mut wire = Wire::new(weather, seed);
    let client = match direction {
        Direction::Read => {
            Party::Receives(Receiver::ask(b"file", Mode::Octet, ask, timing).unwrap(), Vec::new())
        }
        Direction::Write => {
            Party::Sends(Sender::ask(b"file", Mode::Octet, ask, timing).unwrap(), file)
        }
    };
    // The client is 0. The server comes into being by the first request.
    let mut parties = vec![client];
    while parties.len() < 2 || parties.iter().any(|party| !party.over()) {
        for (at, party) in parties.iter_mut().enumerate() {
            party.send(now, |datagram| wire.send(1 - at, datagram, now));
        }
        let arrival = wire.arrival();
        let deadlines = parties.iter().filter_map(Party::deadline);
        let Some(next) = arrival.into_iter().chain(deadlines).min() else { break };
        now = now.max(next);
        if arrival != Some(next) {
            for party in &mut parties {
                party.expire(now);
            }
            continue;
        }
        let (to, datagram) = wire.take();
        match (parties.get_mut(to), packet::parse(&datagram).unwrap()) {
            // A repeated request meets its own transfer, whose timer knows what to do.
            (Some(_), Packet::Read(_) | Packet::Write(_)) => {}
            (Some(party), _) => party.receive(&datagram, now),
            (None, Packet::Read(request)) => {
                let size = Some(file.len() as u64);
                let accepted = options::for_reading(request.options, &limits, size);
                parties.push(Party::Sends(Sender::answer(accepted, timing), file));
            }
            (None, Packet::Write(request)) => {
                let accepted = options::for_writing(request.options, &limits);
                parties.push(Party::Receives(Receiver::answer(accepted, timing), Vec::new()));
            }
            (None, other) => panic!("{other:?} before a request"),
        }
    }
    let agreed = parties[0].agreed();
    let (mut got, mut ends) = (Vec::new(), (None, None));
    for party in parties {
        match party {
            Party::Sends(sender, _) => ends.0 = sender.end().cloned(),
            Party::Receives(receiver, bytes) => {
                ends.1 = receiver.end().cloned();
                got = bytes;
            }
        }
    }
    let (sender, receiver) = (ends.0.unwrap(), ends.1.unwrap());
    Outcome { got, sender, receiver, agreed, data: wire.data, others: wire.others }
}

/// A file whose blocks differ.
pub(crate) fn file(length: usize) -> Vec<u8> {
    let mut random = Rng::with_seed(length as u64);
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes
}
