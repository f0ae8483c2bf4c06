//! How things are between two steps.

use std::collections::{BTreeMap, BTreeSet};

use trace::{Birth, Change, Effect, End, Event, Object, Pid, State, Step, Task};

use super::lane::{Doing, Lane};

/// What the kernel holds and what everybody is doing.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// What the kernel holds.
    pub(crate) state: State,
    /// What each task is doing, those that have ended too.
    pub(crate) lanes: BTreeMap<Task, Lane>,
    /// Which task a number is.
    names: BTreeMap<Pid, Task>,
    /// Processes that have said themselves which signals they hold back.
    masks: BTreeSet<u32>,
    /// Whether the kernel has told anything at all (in a recording it need not).
    pub(crate) has_state: bool,
    /// What descriptors 0, 1 and 2 stood for when the program began, and its signals.
    pub(super) standard: BTreeMap<i32, Object>,
    pub(super) signals: [u64; 4],
}

impl World {
    /// Makes a step.
    pub(super) fn apply(&mut self, step: &Step) {
        for change in &step.changes {
            if let Change::Process(pid, process) = change {
                if !self.has_state {
                    self.has_state = true;
                    let standard = process.descriptors.range(0..3);
                    self.standard = standard.map(|(&fd, d)| (fd, d.object.clone())).collect();
                    self.signals =
                        [process.blocked, process.pending, process.ignored, process.caught];
                }
                self.learn(*pid);
            }
            self.state.apply(change);
        }
        self.happens(step);
    }

    /// A process whose number nobody has named is the next one: they are numbered in the order of
    /// their births.
    fn learn(&mut self, pid: Pid) {
        let next =
            self.names.values().map(|task| task.process).max().unwrap_or(0).saturating_add(1);
        let task = match pid {
            Pid::Task(task) | Pid::Group(task) => task,
            Pid::Number(_) => Task { process: next, thread: 1 },
        };
        self.names.entry(pid).or_insert(task);
    }

    /// Which task a number is.
    pub(super) fn name_is(&mut self, pid: i32, task: Task) {
        self.names.insert(Pid::Number(pid), task);
    }

    fn happens(&mut self, step: &Step) {
        let lane = |world: &mut Self| world.lanes.entry(step.task).or_default().clone();
        let mut new = lane(self);
        match &step.event {
            Event::Enter => new = Lane::calls(step, Doing::Calls),
            Event::Blocked => new = Lane::calls(step, Doing::Sleeps),
            Event::Return { .. } | Event::Exec { .. } => {
                new.doing = Doing::Runs;
                if step.call.as_ref().is_some_and(|call| call.name == "rt_sigprocmask") {
                    self.masks.insert(step.task.process);
                }
            }
            Event::Signal { effect: Effect::Continues, .. } => {
                return self.each_of(step.task, |lane| lane.stopped = None);
            }
            Event::Stopped { signal } => {
                return self.each_of(step.task, |lane| lane.stopped = Some(*signal));
            }
            Event::Born { parent, how } => {
                new = self.lanes.get(parent).cloned().unwrap_or_default();
                new.doing = Doing::Runs;
                new.born = Some((*parent, *how));
                if matches!(how, Birth::Fork | Birth::Vfork) {
                    new.stopped = None;
                }
            }
            Event::Ended(End::Thread) => new.doing = Doing::Ended(End::Thread),
            Event::Ended(end) => return self.each_of(step.task, |lane| lane.end(*end)),
            // One task is named, but it is about everybody, or about nobody's course.
            Event::Signal { .. } | Event::Stuck(_) | Event::Again { .. } => return,
        }
        self.lanes.insert(step.task, new);
    }

    fn each_of(&mut self, task: Task, change: impl Fn(&mut Lane)) {
        let of_process = |lane: &&mut Lane| !matches!(lane.doing, Doing::Ended(End::Thread));
        let first = Task { process: task.process, thread: 0 };
        let last = Task { process: task.process, thread: u32::MAX };
        self.lanes
            .range_mut(first..=last)
            .map(|(_, lane)| lane)
            .filter(of_process)
            .for_each(change);
    }

    /// Which task each number is.
    pub(super) fn numbers(&self) -> BTreeMap<i32, Task> {
        let number = |(pid, task): (&Pid, &Task)| match pid {
            Pid::Number(number) => Some((*number, *task)),
            _ => None,
        };
        self.names.iter().filter_map(number).collect()
    }

    /// How a process is called; one that was never seen by its number, or `outside`.
    pub(crate) fn name(&self, pid: Pid) -> String {
        match (self.names.get(&pid), pid) {
            (Some(task), _) => task.to_string(),
            (None, pid) if pid == Pid::OUTSIDE => "outside".into(),
            (None, pid) => pid.to_string(),
        }
    }

    /// The process that a task belongs to, as the kernel tells of it.
    pub(crate) fn process_of(&self, task: Task) -> Option<(Pid, &trace::Process)> {
        let leader = Task { process: task.process, thread: 1 };
        let (&pid, _) = self.names.iter().find(|(_, name)| **name == leader)?;
        Some((pid, self.state.processes.get(&pid)?))
    }

    /// Whether a process has said itself which signals it holds back.
    pub(super) fn has_own_mask(&self, pid: Pid) -> bool {
        self.names.get(&pid).is_some_and(|task| self.masks.contains(&task.process))
    }

    /// Whether a process is one of the program's.
    pub(crate) fn knows(&self, pid: Pid) -> bool {
        self.names.contains_key(&pid)
    }
}
