//! Who moves next.

use std::time::{Duration, Instant};

use super::current::Position;
use super::tasks::Id;
use super::tracee::{Going, Motion, Slice, Tracee};
use super::{Error, Stir, Tracer, stir};
use crate::sys;

/// Between two looks for what comes from outside.
const PAUSE: Duration = Duration::from_micros(500);

/// When everybody has slept for so long, somebody outside is waited for …
const OUTSIDE: Duration = Duration::from_millis(100);
/// … and not a limit of somebody's that passes before this.
const FAR: Duration = Duration::from_secs(1);

/// So many calls without a sleep are a turn, when others could move: of one who does the same thing
/// again and again …
const TURN: u32 = 100;
/// … and of any other.
const LONG_TURN: u32 = 1000;

/// So many turns that are over, since somebody has come to rest, for which time waits: a lock, or a
/// channel, yields and looks a few times more before it sleeps, and is asleep then, however fast the
/// machine is. Who has computed all the time has looked often enough.
const LOOKS: u64 = 32;

impl Tracer {
    /// Lets one task move, or time go on; then waits until everybody has come to rest.
    pub(super) fn advance(&mut self) -> Result<(), Error> {
        self.follow_schedule()?;
        if let Some(id) = self.next_mover(|tracee| tracee.slice == Slice::Fresh) {
            return self.move_on(id);
        }
        // Nobody but those whose turn is over: the one whose last turn is the longest ago.
        let waiting = self.tasks.iter().filter(|(_, tracee)| tracee.is_movable());
        let turn = |tracee: &Tracee| match tracee.slice {
            Slice::Spent(turn) => (turn, 0),
            Slice::Asked(turn) => (turn, LOOKS),
            Slice::Fresh | Slice::Ending => (0, 0),
        };
        let next = waiting.map(|(id, tracee)| (turn(tracee), id)).min();
        // Whoever asks for what somebody has come to is answered before time goes on.
        if let Some(((turn, looks), id)) = next
            && turn <= self.came + looks
        {
            self.prefer(id);
            return self.move_on(id);
        }
        if self.wake_next() {
            return self.settle();
        }
        match next.map(|(_, id)| id) {
            _ if self.is_stuck() => {
                self.tell_stuck();
                Ok(())
            }
            Some(id) => {
                self.prefer(id);
                self.move_on(id)
            }
            None => self.wait_for_news(),
        }
    }

    /// Makes a task the next mover, whether it has had its turn or not.
    pub(super) fn prefer(&mut self, id: Id) {
        self.mover = id;
        if let Some(tracee) = self.tasks.get_mut(id)
            && tracee.slice != Slice::Ending
        {
            (tracee.slice, tracee.calls) = (Slice::Fresh, 0);
        }
    }

    /// One more call. Somebody may wait for what another one does by asking again and again
    /// whether it has been done, without ever sleeping; so turns end.
    pub(super) fn count_call(&mut self, id: Id, number: u64) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        if tracee.slice == Slice::Ending {
            return;
        }
        (tracee.slice, tracee.calls) = (Slice::Fresh, tracee.calls + 1);
        if number == libc::SYS_sched_yield.cast_unsigned() || tracee.calls >= LONG_TURN {
            tracee.calls = TURN;
            self.end_turn(id);
        }
    }

    /// A task may be left where it is, if it has had its turn.
    pub(super) fn end_turn(&mut self, id: Id) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        if tracee.slice == Slice::Fresh && tracee.calls >= TURN {
            self.slices += 1;
            (tracee.slice, tracee.calls) = (Slice::Asked(self.slices), 0);
        }
    }

    fn follow_schedule(&mut self) -> Result<(), Error> {
        let due = |after: u32| after <= self.script.told();
        let Some(choice) = self.settings.schedule.first().copied().filter(|c| due(c.after)) else {
            return Ok(());
        };
        if choice.after == 0 && !self.begun {
            return Ok(());
        }
        self.settings.schedule.remove(0);
        if self.choose(choice.task) { Ok(()) } else { Err(Error::Schedule(choice)) }
    }

    /// Whoever has moved last, as long as he can; then the oldest who can.
    fn next_mover(&self, fits: impl Fn(&Tracee) -> bool) -> Option<Id> {
        let can = |tracee: &Tracee| tracee.is_movable() && fits(tracee);
        if self.tasks.get(self.mover).is_some_and(can) {
            return Some(self.mover);
        }
        self.tasks.iter().find(|(_, tracee)| can(tracee)).map(|(id, _)| id)
    }

    fn move_on(&mut self, id: Id) -> Result<(), Error> {
        self.mover = id;
        self.let_go(id)?;
        self.settle()
    }

    /// Ends the stop of a task.
    pub(super) fn let_go(&mut self, id: Id) -> Result<(), Error> {
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let signal = match tracee.motion {
            Motion::Held(signal) => signal,
            _ => 0,
        };
        tracee.motion = Motion::Going(Going::now());
        let tid = tracee.tid;
        if signal != 0 {
            // A handler holds signals back while it runs.
            self.touch.everything();
        }
        if tracee.position.call().is_some_and(|call| stir::may_end_others(call.number)) {
            self.stir = Stir::Killed;
        }
        if let Position::Born(_) = tracee.position
            && let Position::Born(current) = tracee.position.take()
        {
            self.tell_return(id, &current, 0, None);
        }
        match sys::resume(tid, signal).map_err(Error::from) {
            // Killed in the meantime: the report of its end will come.
            Err(error) if error.is_gone() => {
                self.stir = Stir::Killed;
                Ok(())
            }
            result => result,
        }
    }

    /// Everybody sleeps: waits for a time limit, for the world outside, or for patience to end.
    fn wait_for_news(&mut self) -> Result<(), Error> {
        let since = Instant::now();
        let mut outside = !self.has_limit_before(since + FAR);
        loop {
            if outside && since.elapsed() > OUTSIDE {
                outside = false;
                self.tell_withheld();
                if self.script.has_next() {
                    return Ok(());
                }
            }
            if self.collect()? {
                self.pass_timers();
                return self.settle();
            }
            if self.wake_next() {
                return self.settle();
            }
            if self.is_stuck() || self.is_told_to_stop() {
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
    }
}
