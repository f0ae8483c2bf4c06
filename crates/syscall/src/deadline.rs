//! A moment after which nobody waits any longer.
//!
//! A time limit given as a duration starts anew with every call that is made under it: a peer
//! that sends one byte every second defeats a read timeout of two seconds for ever. A deadline
//! does not move, and what remains of it is what each call gets.

use std::time::{Duration, Instant};

/// When to stop waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Do not wait at all: look, and come back.
    Now,
    /// Wait until this moment of the monotonic clock.
    At(Instant),
    /// Wait as long as it takes.
    Never,
}

impl Deadline {
    /// `limit` from now. A limit beyond what the clock can express is [`Deadline::Never`].
    pub fn after(limit: Duration) -> Self {
        if limit.is_zero() {
            return Self::Now;
        }
        Instant::now().checked_add(limit).map_or(Self::Never, Self::At)
    }

    /// The convention of poll(2) and epoll_wait(2): milliseconds, negative for no limit.
    pub fn after_millis(limit: i64) -> Self {
        u64::try_from(limit).map_or(Self::Never, |ms| Self::after(Duration::from_millis(ms)))
    }

    /// True when there is no time left. [`Deadline::Now`] has always passed.
    pub fn has_passed(self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }

    /// What is left of it: zero when it has passed, `None` when it never does.
    pub fn remaining(self) -> Option<Duration> {
        match self {
            Self::Now => Some(Duration::ZERO),
            Self::At(moment) => Some(moment.saturating_duration_since(Instant::now())),
            Self::Never => None,
        }
    }

    /// What is left, as poll(2) and epoll_wait(2) want it: -1 for no limit.
    ///
    /// Rounded up, because a rest of 0.4 ms that became 0 would turn the last wait into a busy
    /// loop; and cut to the 24 days that an `int` can hold, so a caller whose call came back
    /// empty asks [`Deadline::has_passed`] before it believes that the time is over.
    pub fn as_millis(self) -> i32 {
        self.remaining().map_or(-1, ceil_millis)
    }
}

fn ceil_millis(left: Duration) -> i32 {
    left.as_nanos().div_ceil(1_000_000).try_into().unwrap_or(i32::MAX)
}

impl From<Option<Duration>> for Deadline {
    /// The convention of std and of CPython: `None` waits for ever.
    fn from(limit: Option<Duration>) -> Self {
        limit.map_or(Self::Never, Self::after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_looks_negative_waits_and_too_long_is_never() {
        assert_eq!(Deadline::after(Duration::ZERO), Deadline::Now);
        assert_eq!(Deadline::after_millis(0), Deadline::Now);
        assert_eq!(Deadline::after_millis(-1), Deadline::Never);
        assert_eq!(Deadline::after_millis(i64::MIN), Deadline::Never);
        assert_eq!(Deadline::after(Duration::MAX), Deadline::Never);
        assert_eq!(Deadline::from(None), Deadline::Never);
        assert!(Deadline::Now.has_passed());
        assert!(!Deadline::Never.has_passed());
    }

    #[test]
    fn milliseconds_are_rounded_up_and_clamped() {
        assert_eq!(Deadline::Now.as_millis(), 0);
        assert_eq!(Deadline::Never.as_millis(), -1);
        let year = Deadline::after(Duration::from_hours(365 * 24));
        assert_eq!(year.as_millis(), i32::MAX);
        let past = Deadline::At(Instant::now());
        assert_eq!(past.as_millis(), 0);
        assert!(past.has_passed());
        let soon = Deadline::after(Duration::from_secs(1));
        assert!((1..=1000).contains(&soon.as_millis()));
    }

    #[test]
    fn a_rest_shorter_than_a_millisecond_is_still_waited_for() {
        assert_eq!(ceil_millis(Duration::from_nanos(1)), 1);
        assert_eq!(ceil_millis(Duration::from_millis(1)), 1);
        assert_eq!(ceil_millis(Duration::from_micros(1_001)), 2);
    }
}
