//! The traced tasks: found by number, walked by age.

use std::collections::{BTreeMap, HashMap};

use super::current::Position;
use super::pieces::Pieces;
use super::rounds::Rounds;
use super::tracee::{Job, Motion, Process, Slice, Tracee};
use crate::sys::Tid;
use crate::task::Task;

/// A task by its order of birth, which is the order in which everything is done.
pub(super) type Id = u32;

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    by_age: BTreeMap<Id, Tracee>,
    by_tid: HashMap<Tid, Id>,
    processes: HashMap<Tid, Process>,
    born: Id,
    processes_born: u32,
}

impl Tasks {
    /// A task is born: a thread of `pid`, or its first.
    pub(super) fn add(&mut self, tid: Tid, pid: Tid) -> Id {
        let name = match self.processes.get_mut(&pid) {
            Some(process) if tid != pid => {
                process.threads += 1;
                Task { thread: process.threads, ..process.name }
            }
            _ => {
                self.processes_born += 1;
                let name = Task { process: self.processes_born, thread: 1 };
                let timers = HashMap::new();
                let process = Process { name, threads: 1, job: Job::Runs, timers };
                self.processes.insert(pid, process);
                name
            }
        };
        let id = self.born;
        self.born += 1;
        let tracee = Tracee {
            tid,
            pid,
            name,
            motion: Motion::Expected,
            position: Position::Outside,
            handlers: Vec::new(),
            slice: Slice::Fresh,
            calls: 0,
            pieces: Pieces::default(),
            rounds: Rounds::default(),
            watch: None,
        };
        self.by_tid.insert(tid, id);
        self.by_age.insert(id, tracee);
        id
    }

    /// A task is gone. Its process goes with its first thread, which always is the last.
    pub(super) fn remove(&mut self, id: Id) -> Option<Tracee> {
        let tracee = self.by_age.remove(&id)?;
        if self.by_tid.get(&tracee.tid) == Some(&id) {
            self.by_tid.remove(&tracee.tid);
        }
        if tracee.is_leader() {
            self.processes.remove(&tracee.pid);
        }
        Some(tracee)
    }

    pub(super) fn get(&self, id: Id) -> Option<&Tracee> {
        self.by_age.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: Id) -> Option<&mut Tracee> {
        self.by_age.get_mut(&id)
    }

    pub(super) fn process(&self, pid: Tid) -> Option<&Process> {
        self.processes.get(&pid)
    }

    pub(super) fn process_mut(&mut self, pid: Tid) -> Option<&mut Process> {
        self.processes.get_mut(&pid)
    }

    pub(super) fn processes(&self) -> impl Iterator<Item = (Tid, &Process)> {
        self.processes.iter().map(|(&pid, process)| (pid, process))
    }

    /// By the kernel's number.
    pub(super) fn of_tid(&self, tid: Tid) -> Option<Id> {
        self.by_tid.get(&tid).copied()
    }

    /// By name.
    pub(super) fn named(&self, name: Task) -> Option<Id> {
        self.iter().find(|(_, tracee)| tracee.name == name).map(|(id, _)| id)
    }

    /// The oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Id, &Tracee)> {
        self.by_age.iter().map(|(&id, tracee)| (id, tracee))
    }

    /// The same, as numbers that stay while tasks come and go.
    pub(super) fn ids(&self) -> Vec<Id> {
        self.by_age.keys().copied().collect()
    }

    /// The tasks of a process, by the kernel's numbers.
    pub(super) fn of_process(&self, pid: Tid) -> Vec<Tid> {
        let of = self.by_age.values().filter(|tracee| tracee.pid == pid);
        of.map(|tracee| tracee.tid).collect()
    }

    pub(super) fn has_one_only(&self) -> bool {
        self.by_age.len() == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_age.is_empty()
    }

    /// Whether a process has more tasks than this one.
    pub(super) fn has_others(&self, id: Id, pid: Tid) -> bool {
        self.iter().any(|(other, tracee)| other != id && tracee.pid == pid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_order_of_birth() {
        let mut tasks = Tasks::default();
        let names: Vec<String> = [(10, 10), (11, 10), (12, 12), (13, 10), (14, 12)]
            .map(|(tid, pid)| tasks.add(tid, pid))
            .map(|id| tasks.get(id).unwrap().name.to_string())
            .into();
        assert_eq!(names, ["P1", "P1.2", "P2", "P1.3", "P2.2"]);
        let gone = tasks.of_tid(11).unwrap();
        assert_eq!(tasks.remove(gone).unwrap().name.to_string(), "P1.2");
        assert_eq!(tasks.of_tid(11), None);
        assert_eq!(tasks.named("P2.2".parse().unwrap()), tasks.of_tid(14));
        let next = tasks.add(15, 10);
        assert_eq!(tasks.get(next).unwrap().name.to_string(), "P1.4", "no name is used twice");
    }

    #[test]
    fn a_number_that_is_used_again_is_another_task() {
        let mut tasks = Tasks::default();
        let first = tasks.add(10, 10);
        tasks.remove(first);
        let second = tasks.add(10, 10);
        assert_ne!(first, second);
        assert_eq!(tasks.get(second).unwrap().name.to_string(), "P2");
    }
}
