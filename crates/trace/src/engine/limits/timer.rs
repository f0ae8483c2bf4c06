//! Timers that go off by themselves: the alarm of a process (alarm(2), setitimer(2)), those that are
//! descriptors (timerfd_create(2)), and those that are numbers (timer_create(2)). They go off in real
//! time, which nobody takes away from them; but who waits for the same clock in virtual time has to
//! know of them. A timer that is set to a moment instead of a span is left to chance.

use std::time::{Duration, Instant};

use super::pair;
use crate::engine::disguise::descriptor;
use crate::sys::Memory;

/// Which timer of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Which {
    Alarm,
    Descriptor(i64),
    Number(u64),
}

/// When it goes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Timer {
    /// For the first time, in real and in virtual time.
    pub(in crate::engine) moment: Instant,
    pub(in crate::engine) at: Duration,
    /// And again after so long each time; zero is never.
    every: Duration,
}

impl Timer {
    /// Set at this moment of real and of virtual time.
    pub(in crate::engine) fn new(now: Instant, clock: Duration, span: Span) -> Option<Self> {
        let moment = now.checked_add(span.first)?;
        Some(Self { moment, at: clock + span.first, every: span.every })
    }

    /// The moment of virtual time at which it has gone off last, if it has.
    pub(in crate::engine) fn last(&self, now: Instant) -> Option<Duration> {
        let since = now.checked_duration_since(self.moment)?;
        let times = since.as_nanos().checked_div(self.every.as_nanos()).unwrap_or(0);
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        Some(self.at.saturating_add(self.every.saturating_mul(times)))
    }
}

/// So long until it goes off, and until it does so again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Span {
    first: Duration,
    every: Duration,
}

/// What a call sets a timer to, if it does; no span is off.
pub(in crate::engine) fn timer(
    number: u64,
    args: &[u64; 6],
    memory: &impl Memory,
) -> Option<(Which, Option<Span>)> {
    #[cfg(target_arch = "x86_64")]
    if number == libc::SYS_alarm.cast_unsigned() {
        let first = Duration::from_secs(args[0] & 0xffff_ffff);
        return Some((Which::Alarm, on(first, Duration::ZERO)));
    }
    let (which, address, unit) = match libc::c_long::try_from(number).ok()? {
        libc::SYS_setitimer if args[0] == u64::from(libc::ITIMER_REAL.cast_unsigned()) => {
            (Which::Alarm, args[1], 1000)
        }
        libc::SYS_timerfd_settime => (Which::Descriptor(descriptor(args[0])), args[2], 1),
        libc::SYS_timer_settime => (Which::Number(args[0]), args[2], 1),
        _ => return None,
    };
    let first = pair(memory, address.checked_add(16)?, unit)?;
    let to_moment = which != Which::Alarm && args[1] & 1 != 0;
    Some((which, on(first, pair(memory, address, unit)?).filter(|_| !to_moment)))
}

fn on(first: Duration, every: Duration) -> Option<Span> {
    (!first.is_zero()).then_some(Span { first, every })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_that_repeats_goes_off_each_time() {
        let (now, ms) = (Instant::now(), Duration::from_millis);
        let timer = |every| Timer::new(now, ms(7), Span { first: ms(40), every }).unwrap();
        for (every, after, last) in [
            (ms(0), ms(39), None),
            (ms(0), ms(400), Some(ms(47))),
            (ms(20), ms(59), Some(ms(47))),
            (ms(20), ms(60), Some(ms(67))),
            (ms(20), ms(100), Some(ms(107))),
        ] {
            assert_eq!(timer(every).last(now + after), last, "{every:?} {after:?}");
        }
    }
}
