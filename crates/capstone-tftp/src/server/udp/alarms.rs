//! Who is to be woken when. Deadlines move with every packet, so they are not moved in here each
//! time: an alarm that rings too early is set anew, and each transfer has one, seldom two.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// Alarms, each for a key of the caller's.
#[derive(Debug, Default)]
pub(super) struct Alarms(BinaryHeap<Reverse<(Instant, u64)>>);

impl Alarms {
    pub(super) fn set(&mut self, at: Instant, key: u64) {
        self.0.push(Reverse((at, key)));
    }

    /// When the next one rings.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    /// One that rings now.
    pub(super) fn ring(&mut self, now: Instant) -> Option<u64> {
        self.next().filter(|at| *at <= now)?;
        self.0.pop().map(|Reverse((_, key))| key)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn they_ring_in_order_and_not_before_their_time() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut alarms = Alarms::default();
        for (ms, key) in [(30, 3), (10, 1), (20, 2)] {
            alarms.set(at(ms), key);
        }
        assert_eq!(alarms.next(), Some(at(10)));
        assert_eq!(alarms.ring(at(9)), None);
        assert_eq!(
            (alarms.ring(at(25)), alarms.ring(at(25)), alarms.ring(at(25))),
            (Some(1), Some(2), None)
        );
        assert_eq!(alarms.ring(at(30)), Some(3));
        assert_eq!(alarms.next(), None);
    }
}
