//! Time: sleeps that take none, delays, limits, and patience.

use std::time::{Duration, Instant};

use super::current::{Current, Manner, Position};
use super::limits;
use super::settle::SLICE;
use super::signals::Signals;
use super::tasks::Id;
use super::tracee::{Motion, Tracee, Until};
use super::{Pace, Tracer};
use crate::step::Event;
use crate::sys::{OfProcess, arch};

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

    /// A sleep in virtual time begins, at the exit of a call that was not made.
    pub(super) fn falls_asleep(&mut self, id: Id, until: Duration, mut current: Box<Current>) {
        current.blocked = true;
        self.tell_call(id, Event::Blocked, &current);
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Inside(current);
            tracee.motion = Motion::Waiting(Until::Virtual(until));
        }
    }

    /// Nobody can move: wakes a sleeper that a signal is waiting for; or lets virtual time go on
    /// to the next deadline, if that is a sleeper's. Gives whether somebody can move now.
    pub(super) fn wake_next(&mut self) -> bool {
        let interrupted = self.sleepers().map(|(_, id)| id).find(|&id| {
            let Some(tracee) = self.tasks.get(id) else { return false };
            sleeps(tracee) && Signals::of(tracee.pid, tracee.tid).interrupt()
        });
        if let Some(id) = interrupted {
            self.clock = self.clock.max(self.alarm_of(id));
            self.wake(id, -i64::from(libc::EINTR));
            return true;
        }
        let now = Instant::now();
        let due = self.tasks.iter().find(|(_, tracee)| {
            matches!(tracee.motion, Motion::Waiting(Until::Real(moment)) if moment <= now)
        });
        if let Some((id, _)) = due {
            self.wake(id, 0);
            return true;
        }
        let Some((at, id)) = self.sleepers().min() else { return false };
        // Somebody's limit that passes in real time comes first: wait for that.
        if self.next_real_limit(now).is_some_and(|limit| limit < at) {
            return false;
        }
        self.clock = self.clock.max(at);
        self.wake(id, 0);
        true
    }

    /// The moment of virtual time at which a task's alarm has gone off.
    fn alarm_of(&self, id: Id) -> Duration {
        let process = self.tasks.get(id).and_then(|tracee| self.tasks.process(tracee.pid));
        let alarm = process.and_then(|process| process.alarm);
        alarm.filter(|&(moment, _)| moment <= Instant::now()).map_or(Duration::ZERO, |(_, at)| at)
    }

    /// Who waits in virtual time, and until when.
    fn sleepers(&self) -> impl Iterator<Item = (Duration, Id)> {
        self.tasks.iter().filter_map(|(id, tracee)| match tracee.motion {
            Motion::Waiting(Until::Virtual(at)) => Some((at, id)),
            _ => None,
        })
    }

    /// The first deadline, in virtual time, of those that pass in real time and have not passed.
    fn next_real_limit(&self, now: Instant) -> Option<Duration> {
        let asleep =
            self.tasks.iter().filter(|(_, tracee)| matches!(tracee.motion, Motion::Going(_)));
        let limits = asleep.filter_map(|(_, tracee)| tracee.position.call()?.limit);
        let alarms = self.tasks.processes().filter_map(|(_, process)| process.alarm);
        limits.chain(alarms).filter(|(moment, _)| *moment + GRACE > now).map(|(_, at)| at).min()
    }

    /// Ends a sleep with this result, or a delay.
    pub(super) fn wake(&mut self, id: Id, result: i64) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        tracee.motion = Motion::Held(0);
        let tid = tracee.tid;
        self.mover = id;
        if !sleeps(tracee) {
            return;
        }
        let Position::Inside(current) = tracee.position.take() else { return };
        if result != 0 {
            // One that is gone by now reports its end.
            let _ = arch::set_result(tid, result);
            let left = match current.manner {
                Manner::Slept(until) => until.saturating_sub(self.clock),
                _ => Duration::ZERO,
            };
            let at = limits::rest(current.number, &current.args);
            if at != 0 {
                let _ = OfProcess(tid).set_word(at, left.as_secs());
                let _ = OfProcess(tid).set_word(at + 8, u64::from(left.subsec_nanos()));
            }
        }
        self.tell_return(id, &current, result, None);
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
        let limits = self.tasks.iter().filter_map(|(_, tracee)| tracee.position.call()?.limit);
        let alarms = self.tasks.processes().filter_map(|(_, process)| process.alarm);
        let delays = self.tasks.iter().filter_map(|(_, tracee)| match tracee.motion {
            Motion::Waiting(Until::Real(moment)) => Some(moment),
            _ => None,
        });
        let (moved, slices) = self.moved;
        let last = limits.chain(alarms).map(|(moment, _)| moment).chain(delays).max();
        let since = last.map_or(moved, |last| last.max(moved));
        self.slices - slices >= all_turns && since.elapsed() > patience
    }
}

/// Whether a task is in a sleep that is not made.
fn sleeps(tracee: &Tracee) -> bool {
    let manner = tracee.position.call().map(|call| &call.manner);
    matches!(manner, Some(Manner::Slept(_)))
}
