//! What is kept of a loop while it is folded: what it has changed, and no more of its steps than are
//! needed to tell them after all.

use super::MORE;
use crate::state::State;
use crate::step::{Event, Step};

/// A loop that is being folded.
#[derive(Debug)]
pub(super) struct Repeated {
    pub(super) period: Vec<usize>,
    /// The state before.
    pub(super) before: State,
    /// Full repetitions so far.
    pub(super) times: usize,
    /// Their steps, until they are many enough to be forgotten; and those of one that is not full.
    pub(super) steps: Vec<Step>,
    /// The last step of the last full repetition.
    pub(super) last: Option<Step>,
    /// So many steps of one that is not full.
    pub(super) begun: usize,
}

impl Repeated {
    /// Whether this is the same loop, folded by the tracer.
    pub(super) fn is_of(&self, step: &Step) -> bool {
        let Event::Again { steps, .. } = step.event else { return false };
        self.begun == 0 && usize::try_from(steps) == Ok(self.period.len())
    }

    /// That, which stands for some more repetitions.
    pub(super) fn absorb(&mut self, step: Step, state: &mut State) {
        let Event::Again { times, .. } = step.event else { return };
        self.times = self.times.saturating_add(usize::try_from(times).unwrap_or(usize::MAX));
        step.changes.iter().for_each(|change| state.apply(change));
        self.last = Some(step.clone());
        self.steps.push(step);
        if self.times >= MORE {
            self.steps.clear();
        }
    }

    /// The next step of a repetition.
    pub(super) fn take(&mut self, step: Step, state: &mut State) {
        self.steps.push(step);
        self.begun += 1;
        if self.begun < self.period.len() {
            return;
        }
        self.begun = 0;
        self.times += 1;
        let full = &self.steps[self.steps.len() - self.period.len()..];
        full.iter().flat_map(|step| &step.changes).for_each(|change| state.apply(change));
        self.last = full.last().cloned();
        if self.times >= MORE {
            self.steps.clear();
        }
    }
}
