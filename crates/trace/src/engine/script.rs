//! The steps: gathered while tasks move, put in a fixed order when all have come to rest.

mod look;

use std::collections::VecDeque;
use std::rc::Rc;

use super::likeness::Likeness;
use super::rounds::{Fate, Rounds};
use super::tasks::Id;
use super::told::Told;
use crate::state::State;
use crate::step::{Event, Step};
use crate::sys::Tid;

/// Steps on their way to whoever asks for them.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Gathered, by the age of the task that each is about.
    batch: Vec<(Id, Told)>,
    ready: VecDeque<Step>,
    /// What all of them do together.
    rounds: Rounds,
    /// The number of the last step.
    numbered: u32,
    /// So many steps were told.
    told: u32,
    /// As it is behind the last step.
    state: Rc<State>,
    /// As it was when somebody has looked last.
    seen: Rc<State>,
    /// So many of the last steps came since somebody has looked.
    fresh: usize,
    /// Processes to look at, with their numbers in the names of tasks: an ended one stays until
    /// somebody has waited for it.
    pids: Vec<(Tid, u32)>,
}

impl Script {
    /// Adds a step. It gets its number later.
    pub(super) fn tell(&mut self, id: Id, step: impl Into<Told>) {
        self.batch.push((id, step.into()));
    }

    /// Whether steps wait to be put in order.
    pub(super) fn is_idle(&self) -> bool {
        self.batch.is_empty()
    }

    /// Puts what was gathered in order: first what the mover has done, then the others by age,
    /// because which of them has reported first is chance. `all`: even what is done again and
    /// again. Gives whether there is something to tell.
    pub(super) fn close(&mut self, mover: Id, all: bool) -> bool {
        let mut batch = std::mem::take(&mut self.batch);
        batch.sort_by_key(|&(id, _)| (id != mover, id));
        let before = self.told;
        for (_, told) in batch {
            if all || told.step.output.is_some() {
                self.finish();
                self.number(told);
                continue;
            }
            let what = Likeness::of(&told.step);
            if let Fate::Told(before, told) = self.rounds.step(what, told) {
                before.into_iter().chain([*told]).for_each(|told| self.number(told));
            }
        }
        self.told != before
    }

    /// Tells what was not told of the last round of all.
    pub(super) fn finish(&mut self) {
        self.rounds.interrupt().into_iter().for_each(|told| self.number(told));
    }

    fn number(&mut self, told: Told) {
        let Told { mut step, seen } = told;
        let steps = match step.event {
            Event::Again { steps, times } => steps.saturating_mul(times),
            _ => 1,
        };
        self.numbered = self.numbered.saturating_add(steps);
        self.told += 1;
        step.number = self.numbered;
        self.fresh += 1;
        if let Some(state) = seen {
            step.changes = self.state.changes(&state);
            self.state = state;
            self.fresh = 0;
        }
        self.ready.push_back(step);
    }

    /// Whether a round of all has ended that nobody has looked after.
    pub(super) fn wants_look(&self) -> bool {
        self.rounds.wants_look()
    }

    /// The last step of this kind of those that were not put in order yet.
    pub(super) fn last(&mut self) -> Option<&mut Step> {
        self.batch.last_mut().map(|(_, told)| &mut told.step)
    }

    /// The next step.
    pub(super) fn next(&mut self) -> Option<Step> {
        let next = self.ready.pop_front();
        self.fresh = self.fresh.min(self.ready.len());
        next
    }

    /// Whether there is a next step.
    pub(super) fn has_next(&self) -> bool {
        !self.ready.is_empty()
    }

    /// How many steps were put in order so far.
    pub(super) fn told(&self) -> u32 {
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Place;
    use crate::task::Task;

    fn step(process: u32) -> Step {
        Step {
            number: 0,
            task: Task { process, thread: 1 },
            event: Event::Enter,
            call: None,
            place: Place::default(),
            output: None,
            changes: Vec::new(),
        }
    }

    #[test]
    fn the_mover_comes_first_and_then_the_oldest() {
        let mut script = Script::default();
        for (id, process) in [(2, 3), (0, 1), (1, 2), (2, 4)] {
            script.tell(id, step(process));
        }
        assert!(script.close(1, true));
        let order: Vec<_> = std::iter::from_fn(|| script.next())
            .map(|step| (step.number, step.task.process))
            .collect();
        assert_eq!(order, [(1, 2), (2, 1), (3, 3), (4, 4)]);
        assert_eq!(script.told(), 4);
    }
}
