//! Going on by itself, at a speed.

use std::time::{Duration, Instant};

/// Milliseconds between two steps.
const SPEEDS: [u64; 8] = [4000, 2000, 1000, 500, 250, 120, 60, 30];

/// Whether, and how fast.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Play {
    next: Option<Instant>,
    /// Steps from the speed of one a second.
    speed: i8,
}

impl Play {
    /// Begins, or stops.
    pub(crate) fn toggle(&mut self, now: Instant) {
        self.next = if self.next.is_some() { None } else { Some(now + self.pause()) };
    }

    /// Stops.
    pub(crate) fn stop(&mut self) {
        self.next = None;
    }

    /// Whether it goes on by itself.
    pub(crate) fn is_on(&self) -> bool {
        self.next.is_some()
    }

    /// Whether the next step is due; if so, the one after it is due a pause later.
    pub(crate) fn is_due(&mut self, now: Instant) -> bool {
        let due = self.next.is_some_and(|next| next <= now);
        if due {
            self.next = Some(now + self.pause());
        }
        due
    }

    /// How long until then.
    pub(crate) fn rest(&self, now: Instant) -> Option<Duration> {
        self.next.map(|next| next.saturating_duration_since(now))
    }

    /// Twice as fast.
    pub(crate) fn faster(&mut self) {
        self.speed = (self.speed + 1).min(5);
    }

    /// Half as fast.
    pub(crate) fn slower(&mut self) {
        self.speed = (self.speed - 1).max(-2);
    }

    /// Between two steps.
    pub(crate) fn pause(&self) -> Duration {
        let at = usize::try_from(self.speed + 2).unwrap_or(0);
        Duration::from_millis(SPEEDS[at.min(SPEEDS.len() - 1)])
    }
}
