//! When to say it again, and when to stop.
//!
//! A negotiated timeout (RFC 2349) is what was agreed: the same pause each time. Without one, the
//! round trip is measured as TCP does it (RFC 6298), by answers to what was sent only once (Karn),
//! and each repetition doubles the pause.

use std::time::{Duration, Instant};

/// What a driver may choose.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// The first pause, while no round trip has been measured.
    pub first: Duration,
    /// No measured pause is shorter: a peer that writes to a disk stalls sometimes.
    pub least: Duration,
    /// No pause is longer but a negotiated one. Most programs repeat what was lost only when they have
    /// heard nothing for five seconds, and count them anew from each packet that says nothing new: a
    /// shorter pause, and they never do.
    pub most: Duration,
    /// Repetitions without an answer, after which it is given up.
    pub tries: u32,
    /// With a long negotiated timeout, fewer tries: about this long in all.
    pub patience: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            first: Duration::from_secs(1),
            least: Duration::from_millis(200),
            most: Duration::from_secs(6),
            tries: 10,
            patience: Duration::from_mins(1),
        }
    }
}

/// What [`Timer::expire`] found.
pub(super) enum Expiry {
    Early,
    Again,
    GiveUp,
}

#[derive(Debug)]
pub(super) struct Timer {
    timing: Timing,
    /// As negotiated.
    fixed: Option<Duration>,
    /// The round trip, smoothed, and how much it varies.
    trip: Option<(Duration, Duration)>,
    /// It is the peer who has to repeat what is missing.
    yields: bool,
    tries: u32,
    /// When the packet went out whose answer is being measured.
    measured: Option<Instant>,
    deadline: Option<Instant>,
}

impl Timer {
    pub(super) fn new(timing: Timing) -> Timer {
        Timer {
            timing,
            fixed: None,
            trip: None,
            yields: false,
            tries: 0,
            measured: None,
            deadline: None,
        }
    }

    /// From the moment when the options are agreed.
    pub(super) fn fix(&mut self, timeout: Option<Duration>) {
        self.fixed = timeout;
    }

    /// What is repeated from now on are ACKs: once soon, and then the peer has the word.
    pub(super) fn yields(&mut self) {
        self.yields = true;
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Something went out that wants an answer; `fresh`: for the first time.
    pub(super) fn sent(&mut self, now: Instant, fresh: bool) {
        if fresh && self.tries == 0 {
            self.measured.get_or_insert(now);
        } else {
            self.measured = None;
        }
        self.wait(now);
    }

    /// The peer goes on: the silence is over, and nothing is waited for until [`Timer::wait`] or
    /// [`Timer::sent`].
    pub(super) fn answered(&mut self, now: Instant) {
        if let Some(start) = self.measured.take() {
            let trip = now.saturating_duration_since(start);
            // RFC 6298 section 2, with its factors of 1/8 and 1/4.
            self.trip = Some(match self.trip {
                None => (trip, trip / 2),
                Some((smooth, varies)) => {
                    (smooth * 7 / 8 + trip / 8, varies * 3 / 4 + smooth.abs_diff(trip) / 4)
                }
            });
        }
        self.tries = 0;
        self.deadline = None;
    }

    /// One more pause from now on.
    pub(super) fn wait(&mut self, now: Instant) {
        self.deadline = Some(now + self.pause());
    }

    pub(super) fn stop(&mut self) {
        self.deadline = None;
    }

    /// The end of a pause that nothing follows.
    pub(super) fn stop_if_due(&mut self, now: Instant) {
        self.deadline = self.deadline.filter(|&deadline| now < deadline);
    }

    pub(super) fn expire(&mut self, now: Instant) -> Expiry {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return Expiry::Early;
        }
        self.deadline = None;
        self.measured = None;
        if self.tries >= self.allowed() {
            return Expiry::GiveUp;
        }
        self.tries += 1;
        Expiry::Again
    }

    /// Time enough for the peer to say twice what it says when our last word was lost. False when it
    /// has said it too often.
    pub(super) fn dally(&mut self, now: Instant) -> bool {
        let heard = self.tries <= self.allowed();
        if heard {
            self.tries += 1;
            self.deadline = Some(now + 2 * self.fixed.unwrap_or(self.timing.most));
        }
        heard
    }

    fn pause(&self) -> Duration {
        if self.yields && self.tries > 0 {
            return self.quiet();
        }
        if let Some(fixed) = self.fixed {
            return fixed;
        }
        let once = match self.trip {
            None => self.timing.first,
            Some((smooth, varies)) => (smooth + 4 * varies).max(self.timing.least),
        };
        once.saturating_mul(1 << self.tries.min(16)).min(self.timing.most)
    }

    /// Longer than the peer's own pause.
    fn quiet(&self) -> Duration {
        self.fixed.map_or(self.timing.most, |fixed| 2 * fixed)
    }

    fn allowed(&self) -> u32 {
        let Some(fixed) = self.fixed else { return self.timing.tries };
        let fit = self.timing.patience.as_secs() / fixed.as_secs().max(1);
        u32::try_from(fit).unwrap_or(u32::MAX).clamp(2, self.timing.tries.max(2))
    }
}
