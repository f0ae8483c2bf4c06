//! The steps: gathered while tasks move, put in a fixed order when all have come to rest.

use std::collections::VecDeque;

use super::tasks::Id;
use crate::pid::Pid;
use crate::state::State;
use crate::step::Step;
use crate::sys::Tid;

/// Steps on their way to whoever asks for them.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Gathered, by the age of the task that each is about.
    batch: Vec<(Id, Step)>,
    ready: VecDeque<Step>,
    numbered: u32,
    state: State,
    /// Processes to look at: an ended one stays until somebody has waited for it.
    pids: Vec<Tid>,
}

impl Script {
    /// Adds a step. It gets its number later.
    pub(super) fn tell(&mut self, id: Id, step: Step) {
        self.batch.push((id, step));
    }

    /// Whether steps wait to be put in order.
    pub(super) fn is_idle(&self) -> bool {
        self.batch.is_empty()
    }

    /// Puts what was gathered in order: first what the mover has done, then the others by age,
    /// because which of them has reported first is chance.
    pub(super) fn close(&mut self, mover: Id) {
        let mut batch = std::mem::take(&mut self.batch);
        batch.sort_by_key(|&(id, _)| (id != mover, id));
        for (_, mut step) in batch {
            self.numbered += 1;
            step.number = self.numbered;
            self.ready.push_back(step);
        }
    }

    /// Puts what has changed in the kernel on the last of the steps that were just gathered.
    pub(super) fn look(&mut self, held: impl Fn(Tid) -> bool) {
        let Some(last) = self.ready.back_mut() else { return };
        let state = crate::kernel::look(&self.pids, held);
        last.changes = self.state.changes(&state);
        self.pids.retain(|pid| state.processes.contains_key(&Pid::Number(*pid)));
        self.state = state;
    }

    /// A process is there.
    pub(super) fn process(&mut self, pid: Tid) {
        if !self.pids.contains(&pid) {
            self.pids.push(pid);
        }
    }

    /// The last step of this kind of those that were not put in order yet.
    pub(super) fn last(&mut self) -> Option<&mut Step> {
        self.batch.last_mut().map(|(_, step)| step)
    }

    /// The next step.
    pub(super) fn next(&mut self) -> Option<Step> {
        self.ready.pop_front()
    }

    /// How many steps were put in order so far.
    pub(super) fn numbered(&self) -> u32 {
        self.numbered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::{Event, Place};
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
        script.close(1);
        let order: Vec<_> = std::iter::from_fn(|| script.next())
            .map(|step| (step.number, step.task.process))
            .collect();
        assert_eq!(order, [(1, 2), (2, 1), (3, 3), (4, 4)]);
        assert_eq!(script.numbered(), 4);
    }
}
