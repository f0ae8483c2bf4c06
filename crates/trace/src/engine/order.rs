//! Who moves next.

use std::time::Duration;

use super::current::Position;
use super::tasks::Id;
use super::tracee::{Going, Motion, Slice, Tracee};
use super::{Error, Stir, Tracer};
use crate::sys;

/// Between two looks for what comes from outside.
const PAUSE: Duration = Duration::from_micros(500);

impl Tracer {
    /// Lets one task move, or time go on; then waits until everybody has come to rest.
    pub(super) fn advance(&mut self) -> Result<(), Error> {
        self.follow_schedule()?;
        if let Some(id) = self.next_mover(|tracee| tracee.slice == Slice::Fresh) {
            return self.move_on(id);
        }
        if self.wake_next() {
            self.close();
            return Ok(());
        }
        // Nobody but those who compute, in turns: the one whose last turn is the longest ago.
        let computing = self.tasks.iter().filter(|(_, tracee)| tracee.is_movable());
        let turn = |tracee: &Tracee| match tracee.slice {
            Slice::Spent(turn) => turn,
            _ => 0,
        };
        let next = computing.min_by_key(|(_, tracee)| turn(tracee)).map(|(id, _)| id);
        match next {
            _ if self.is_stuck() => {
                self.tell_stuck();
                Ok(())
            }
            Some(id) => self.move_on(id),
            None => self.wait_for_news(),
        }
    }

    /// Makes a task the next mover, whether it has had its turn or not.
    pub(super) fn prefer(&mut self, id: Id) {
        self.mover = id;
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.slice = Slice::Fresh;
        }
    }

    fn follow_schedule(&mut self) -> Result<(), Error> {
        let due = |after: u32| after <= self.script.numbered();
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
        loop {
            if self.collect()? {
                return self.settle();
            }
            if self.is_stuck() || self.wake_next() || self.is_told_to_stop() {
                self.close();
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
    }
}
