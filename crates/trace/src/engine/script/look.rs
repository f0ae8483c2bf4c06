//! What the kernel holds behind the steps that were gathered.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Script;
use crate::engine::cause;
use crate::engine::tasks::Tasks;
use crate::engine::touch::Touch;
use crate::engine::tracee::Tracee;
use crate::kernel;
use crate::pid::Pid;
use crate::state::{State, Status};
use crate::step::Step;
use crate::sys::Tid;
use crate::task::Task;

impl Script {
    /// A process is there: its number, and that in the names of its tasks.
    pub(in crate::engine) fn process(&mut self, pid: Tid, name: Task) {
        self.pids.retain(|known| known.0 != pid);
        self.pids.push((pid, name.process));
    }

    /// What the kernel holds now, looked at where it may be different. `news`: what has changed is
    /// put on the steps that were just gathered, each on the one that it belongs to.
    pub(in crate::engine) fn look(
        &mut self,
        news: bool,
        touch: &Touch,
        tasks: &Tasks,
    ) -> Rc<State> {
        let held = |tid| {
            let id = tasks.of_tid(tid);
            id.and_then(|id| tasks.get(id)).is_some_and(Tracee::is_held)
        };
        let again = match touch {
            Touch::Everything => None,
            Touch::Parts { objects, processes } => {
                let awake = self.awake(tasks, held);
                let doing: BTreeSet<Tid> = processes.iter().copied().chain(awake).collect();
                if objects.is_empty() && doing.is_empty() {
                    Some(Rc::clone(&self.seen))
                } else {
                    let doing = doing.into_iter().map(|pid| (pid, tasks.of_process(pid)));
                    let objects = objects.iter().copied();
                    kernel::look_again(&self.seen, objects, doing, held).map(Rc::new)
                }
            }
        };
        let state = again.unwrap_or_else(|| {
            let pids: Vec<Tid> = self.pids.iter().map(|&(pid, _)| pid).collect();
            Rc::new(kernel::look(&pids, held))
        });
        self.seen = Rc::clone(&state);
        self.rounds.seen(&state);
        if news {
            self.put(&state);
        }
        self.pids.retain(|(pid, _)| state.processes.contains_key(&Pid::Number(*pid)));
        state
    }

    /// Processes that were seen asleep, and of which a task stands now.
    fn awake(&self, tasks: &Tasks, held: impl Fn(Tid) -> bool) -> Vec<Tid> {
        let slept = |pid: Tid| {
            let process = self.seen.processes.get(&Pid::Number(pid));
            process.is_some_and(|process| process.status != Status::Ready)
        };
        let pids = self.pids.iter().map(|&(pid, _)| pid);
        pids.filter(|&pid| slept(pid) && tasks.of_process(pid).into_iter().any(&held)).collect()
    }

    fn put(&mut self, state: &Rc<State>) {
        if Rc::ptr_eq(state, &self.state) {
            return;
        }
        let fresh = std::mem::take(&mut self.fresh).clamp(1, self.ready.len().max(1));
        let start = self.ready.len().saturating_sub(fresh);
        let changes = self.state.changes(state);
        let steps: Vec<&Step> = self.ready.range(start..).collect();
        let number = |pid| self.pids.iter().find(|known| Pid::Number(known.0) == pid);
        let process = |pid| number(pid).map(|known| known.1);
        let put: Vec<usize> =
            changes.iter().map(|change| cause::step_of(change, &steps, process)).collect();
        for (change, index) in changes.into_iter().zip(put) {
            if let Some(step) = self.ready.get_mut(start + index) {
                step.changes.push(change);
            }
        }
        self.state = Rc::clone(state);
    }
}
