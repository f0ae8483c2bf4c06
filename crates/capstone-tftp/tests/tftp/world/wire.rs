//! The network.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use capstone_tftp::tftp::packet::{self, Packet};
use fastrand::Rng;

/// One way through the network, undisturbed.
const WAY: Duration = Duration::from_millis(5);

/// Chances in 100, for each datagram.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weather {
    pub(crate) lost: u8,
    pub(crate) doubled: u8,
    /// Comes up to eight ways later, behind what was sent after it.
    pub(crate) late: u8,
}

/// When it arrives, in which order it was sent, to whom, what.
type UnderWay = (Instant, u64, usize, Vec<u8>);

/// Datagrams under way; the earliest comes first, and of those at one moment the first sent.
pub(crate) struct Wire {
    random: Rng,
    weather: Weather,
    way: BinaryHeap<Reverse<UnderWay>>,
    pub(crate) data: u64,
    pub(crate) others: u64,
}

impl Wire {
    pub(crate) fn new(weather: Weather, seed: u64) -> Wire {
        let random = Rng::with_seed(seed);
        Wire { random, weather, way: BinaryHeap::new(), data: 0, others: 0 }
    }

    /// When the next datagram arrives.
    pub(crate) fn arrival(&self) -> Option<Instant> {
        self.way.peek().map(|Reverse(next)| next.0)
    }

    /// To whom, and what.
    pub(crate) fn take(&mut self) -> (usize, Vec<u8>) {
        let Reverse((_, _, to, datagram)) = self.way.pop().unwrap();
        (to, datagram)
    }

    pub(crate) fn send(&mut self, to: usize, datagram: &[u8], now: Instant) {
        match packet::parse(datagram) {
            Ok(Packet::Data { .. }) => self.data += 1,
            packet => {
                packet.unwrap();
                self.others += 1;
            }
        }
        let mut happens = |chance: u8| self.random.u8(0..100) < chance;
        let copies = match (happens(self.weather.lost), happens(self.weather.doubled)) {
            (true, _) => 0,
            (_, true) => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let late = self.random.u8(0..100) < self.weather.late;
            let ways = if late { self.random.u32(1..=8) } else { 1 };
            let order = self.data + self.others;
            self.way.push(Reverse((now + WAY * ways, order, to, datagram.to_vec())));
        }
    }
}
