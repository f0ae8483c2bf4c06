//! Folding: a loop that does the same thing ten thousand times is shown a few times and then told
//! in one step, [`Event::Again`].
//!
//! Steps are the same when the same task does the same thing there: kind of event, call, place,
//! and whether it has returned with a value or with which error. Arguments, values and what
//! changes in the kernel may be others each time; the changes of all that is folded become those
//! of the one step, so that the state behind it is what it was. What a program says is never
//! folded.
//!
//! A period of 1 to [`LONGEST`] steps is found once it has come [`SHOWN`] times. It takes time in
//! proportion to the number of steps, and holds no more of them than [`MORE`] periods.

mod alike;
mod repeated;

use std::collections::VecDeque;

use super::Recording;
use crate::state::State;
use crate::step::{Event, Place, Step};
use alike::Kinds;
use repeated::Repeated;

/// So often a loop is shown in full.
pub(super) const SHOWN: usize = 4;
/// One that comes only so many times more is shown in full.
pub(super) const MORE: usize = 4;
/// Steps of the longest loop that is seen as one.
pub(super) const LONGEST: usize = 64;

impl Recording {
    /// Tells steps that come again and again as one: see [`Fold`].
    pub fn fold(&mut self) {
        let mut fold = Fold::default();
        let mut folded = Vec::new();
        for step in std::mem::take(&mut self.steps) {
            fold.push(step, &mut folded);
        }
        fold.finish(&mut folded);
        self.steps = folded;
    }
}

/// Takes steps one by one and gives them on, those of a loop in one step once they have come 8
/// times: then [`Event::Again`] stands for the rest.
#[derive(Debug, Default)]
pub struct Fold {
    kinds: Kinds,
    /// The kinds of the steps that were given on since the last one that stands for others.
    recent: VecDeque<usize>,
    runs: Runs,
    /// The state after the last step that was given on or has been folded.
    state: State,
    again: Option<Repeated>,
}

/// For each period: so many steps in a row were like the one a period before.
#[derive(Debug)]
struct Runs([usize; LONGEST + 1]);

impl Default for Runs {
    fn default() -> Self {
        Self([0; LONGEST + 1])
    }
}

impl Fold {
    /// Takes a step, and gives those on that are to be shown.
    pub fn push(&mut self, step: Step, to: &mut Vec<Step>) {
        let mut waiting = VecDeque::from([step]);
        // What turns out not to be a repetition is looked at once more.
        while let Some(step) = waiting.pop_front() {
            let kind = self.kinds.of(&step);
            match &mut self.again {
                None => self.give(step, kind, to),
                Some(again) if again.is_of(&step) => again.absorb(step, &mut self.state),
                Some(again) if kind == Some(again.period[again.begun]) => {
                    again.take(step, &mut self.state);
                }
                Some(_) => {
                    waiting.push_front(step);
                    self.leave(&mut waiting, to);
                }
            }
        }
    }

    /// Gives on what is left.
    pub fn finish(mut self, to: &mut Vec<Step>) {
        let mut waiting = VecDeque::new();
        self.leave(&mut waiting, to);
        while let Some(step) = waiting.pop_front() {
            self.push(step, to);
            if waiting.is_empty() {
                self.leave(&mut waiting, to);
            }
        }
    }

    /// Gives on a step that is in no loop yet.
    fn give(&mut self, step: Step, kind: Option<usize>, to: &mut Vec<Step>) {
        step.changes.iter().for_each(|change| self.state.apply(change));
        to.push(step);
        let Some(kind) = kind else { return self.forget() };
        let mut found = None;
        for period in (1..=LONGEST).rev() {
            let before = self.recent.len().checked_sub(period).map(|index| self.recent[index]);
            let run = &mut self.runs.0[period];
            *run = if before == Some(kind) { *run + 1 } else { 0 };
            if *run == (SHOWN - 1) * period {
                found = Some(period);
            }
        }
        self.recent.push_back(kind);
        if self.recent.len() > LONGEST {
            self.recent.pop_front();
        }
        if let Some(period) = found {
            let period = self.recent.range(self.recent.len() - period..).copied().collect();
            let (before, steps) = (self.state.clone(), Vec::new());
            self.again = Some(Repeated { period, before, times: 0, steps, last: None, begun: 0 });
        }
    }

    /// A loop is over: it is told in one step, or was none worth telling.
    fn leave(&mut self, waiting: &mut VecDeque<Step>, to: &mut Vec<Step>) {
        let Some(again) = self.again.take() else { return };
        for step in again.steps.into_iter().rev() {
            waiting.push_front(step);
        }
        let Some(last) = again.last.filter(|_| again.times >= MORE) else {
            self.state = again.before;
            return;
        };
        let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
        let (steps, times) = (count(again.period.len()), count(again.times));
        to.push(Step {
            number: last.number,
            task: last.task,
            event: Event::Again { steps, times },
            call: None,
            place: Place::default(),
            output: None,
            changes: again.before.changes(&self.state),
        });
        // What comes now is not repeated from before this step.
        self.forget();
    }

    fn forget(&mut self) {
        self.recent.clear();
        self.runs = Runs::default();
    }
}
