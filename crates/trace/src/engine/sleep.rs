//! Time: sleeps and limits, which end in the order of their deadlines; delays, and patience.

use std::time::{Duration, Instant};

use super::current::{Current, Manner, Position, Wait};
use super::limits::{self, Timer, Which};
use super::rest::SLICE;
use super::tasks::Id;
use super::tracee::{Motion, Tracee, Until};
use super::{Pace, Tracer};
use crate::sys::{self, OfProcess, Tid};

/// A limit that has passed is believed to be about to be reported for so long.
const GRACE: Duration = Duration::from_millis(50);

impl Tracer {
    /// Holds a task for so long.
    pub(super) fn delay(&mut self, id: Id, delay: Duration) {
        let until = if self.time_is_virtual() {
            Until::Virtual(self.clock + delay)
        } else {
            Until::Real(Instant::now() + delay)
        };
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.motion = Motion::Waiting(until);
        }
    }

    pub(super) fn time_is_virtual(&self) -> bool {
        self.settings.virtual_time && self.pace == Pace::Stepping
    }

    /// Nobody can move: lets virtual time go on to the next deadline, if that is a sleeper's; or
    /// ends a delay. Gives whether somebody moves now.
    pub(super) fn wake_next(&mut self) -> bool {
        let now = Instant::now();
        let due = self.tasks.iter().find(|(_, tracee)| {
            matches!(tracee.motion, Motion::Waiting(Until::Real(moment)) if moment <= now)
        });
        if let Some((id, _)) = due {
            self.wake(id);
            return true;
        }
        let Some((at, id)) = self.sleepers().min() else { return false };
        // Somebody's limit that passes in real time comes first: wait for that.
        if self.next_real_limit(now).is_some_and(|limit| limit < at) || !self.is_time_for(id, now) {
            return false;
        }
        self.clock = self.clock.max(at);
        self.wake(id);
        true
    }

    /// Who waits in virtual time, and until when.
    fn sleepers(&self) -> impl Iterator<Item = (Duration, Id)> {
        self.tasks.iter().filter_map(|(id, tracee)| match tracee.motion {
            Motion::Waiting(Until::Virtual(at)) => Some((at, id)),
            Motion::Going(_) => wait_of(tracee).map(|wait| (wait.until, id)),
            _ => None,
        })
    }

    /// Whoever looks at a clock finds that his sleep has taken its time, and that his limit has
    /// passed.
    fn is_time_for(&self, id: Id, now: Instant) -> bool {
        let wait = self.tasks.get(id).and_then(wait_of);
        wait.and_then(|wait| wait.moment).is_none_or(|moment| moment <= now)
    }

    /// Virtual time is not behind the timers that have gone off.
    pub(super) fn pass_timers(&mut self) {
        let now = Instant::now();
        let last = self.timers().filter_map(|timer| timer.last(now)).max();
        self.clock = self.clock.max(last.unwrap_or_default());
    }

    /// A timer of a process has gone off.
    pub(super) fn went_off(&mut self, pid: Tid, which: impl Fn(Which) -> bool) {
        let (now, process) = (Instant::now(), self.tasks.process(pid));
        let timers = process.into_iter().flat_map(|process| &process.timers);
        let timers = timers.filter(|(known, _)| which(**known));
        let last = timers.filter_map(|(_, timer)| timer.last(now)).max();
        self.clock = self.clock.max(last.unwrap_or_default());
    }

    fn timers(&self) -> impl Iterator<Item = &Timer> {
        self.tasks.processes().flat_map(|(_, process)| process.timers.values())
    }

    /// The first deadline, in virtual time, of those that pass in real time and have not passed.
    fn next_real_limit(&self, now: Instant) -> Option<Duration> {
        let asleep =
            self.tasks.iter().filter(|(_, tracee)| matches!(tracee.motion, Motion::Going(_)));
        let limits = asleep.filter(|(_, tracee)| wait_of(tracee).is_none());
        let limits = limits.filter_map(|(_, tracee)| tracee.position.call()?.limit);
        let timers = self.timers().map(|timer| (timer.moment, timer.at));
        limits.chain(timers).filter(|(moment, _)| *moment + GRACE > now).map(|(_, at)| at).min()
    }

    /// Whether somebody's limit, timer or delay passes in real time before this moment.
    pub(super) fn has_limit_before(&self, moment: Instant) -> bool {
        self.real_limits().any(|limit| limit < moment)
    }

    fn real_limits(&self) -> impl Iterator<Item = Instant> {
        let limits = self.tasks.iter().filter_map(|(_, tracee)| tracee.position.call()?.limit);
        let timers = self.timers().map(|timer| timer.moment);
        let delays = self.tasks.iter().filter_map(|(_, tracee)| match tracee.motion {
            Motion::Waiting(Until::Real(moment)) => Some(moment),
            _ => None,
        });
        limits.map(|(moment, _)| moment).chain(timers).chain(delays)
    }

    /// Ends a wait, by a stop that cuts it short, or a delay.
    pub(super) fn wake(&mut self, id: Id) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        self.mover = id;
        if let Motion::Waiting(_) = tracee.motion {
            tracee.motion = Motion::Held(0);
            return;
        }
        if let Position::Inside(current) = &mut tracee.position
            && let Manner::Lifted(wait) = &mut current.manner
        {
            wait.over = true;
            // One that is gone by now reports its end.
            let _ = sys::interrupt(tracee.tid);
        }
    }

    /// Some calls say how much of their time was left.
    pub(super) fn says_rest(&mut self, id: Id, current: &Current) {
        let Manner::Lifted(wait) = &current.manner else { return };
        let Some((at, unit)) = limits::rest(current.number, &current.args) else { return };
        self.pass_timers();
        let mut left = wait.until.saturating_sub(self.clock);
        if let Some(moment) = wait.moment {
            left = left.min(moment.saturating_duration_since(Instant::now()));
        }
        if let Some(tracee) = self.tasks.get(id) {
            let rest = [left.as_secs(), u64::from(left.subsec_nanos() / unit)];
            OfProcess(tracee.tid).store(at, rest.map(u64::to_ne_bytes).as_flattened());
        }
    }

    /// Something has happened.
    pub(super) fn note_movement(&mut self) {
        self.moved = (Instant::now(), self.slices);
    }

    /// Whether nothing has happened for longer than anybody's limit, and the tracer's patience.
    /// Who computes has as much time for it on a processor of his own.
    pub(super) fn is_stuck(&self) -> bool {
        let patience = self.settings.patience;
        let computing = self.tasks.iter().filter(|(_, tracee)| tracee.is_movable()).count();
        let turns = u64::try_from(patience.as_nanos() / SLICE.as_nanos()).unwrap_or(u64::MAX);
        let all_turns = turns.saturating_mul(computing as u64);
        let (moved, slices) = self.moved;
        let last = self.real_limits().max();
        let since = last.map_or(moved, |last| last.max(moved));
        self.slices - slices >= all_turns && since.elapsed() > patience
    }
}

/// The wait in virtual time that a task is in.
pub(super) fn wait_of(tracee: &Tracee) -> Option<&Wait> {
    match &tracee.position {
        Position::Inside(current) => match &current.manner {
            Manner::Lifted(wait) if !wait.over => Some(wait),
            _ => None,
        },
        _ => None,
    }
}
