//! What becomes different from one [`State`] to the next.

use serde::{Deserialize, Serialize};

use super::{Descriptor, Process, State, Status};
use crate::pid::Pid;

/// One difference between two [`State`]s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A process is there, with everything that it has.
    Process(Pid, Box<Process>),
    /// A process is gone: somebody has waited for it.
    Gone(Pid),
    /// It does something else.
    Status(Pid, Status),
    /// It has another parent.
    Parent(Pid, Pid),
    /// It has another name.
    Name(Pid, String),
    /// A descriptor is new, or stands for something else, or what it stands for has changed.
    Descriptor(Pid, i32, Box<Descriptor>),
    /// A descriptor is closed.
    Closed(Pid, i32),
    /// Signals: blocked, pending, ignored, caught.
    Signals(Pid, [u64; 4]),
}

impl State {
    /// What has to be applied to this one to get `later`.
    pub fn changes(&self, later: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (&pid, new) in &later.processes {
            match self.processes.get(&pid) {
                None => changes.push(Change::Process(pid, Box::new(new.clone()))),
                Some(old) => old.changes(pid, new, &mut changes),
            }
        }
        let gone = self.processes.keys().filter(|pid| !later.processes.contains_key(pid));
        changes.extend(gone.map(|&pid| Change::Gone(pid)));
        changes
    }

    /// Makes a change. One about a process that is not there says nothing and is left out.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Process(pid, process) => {
                self.processes.insert(*pid, (**process).clone());
            }
            Change::Gone(pid) => {
                self.processes.remove(pid);
            }
            Change::Status(pid, status) => self.with(*pid, |process| process.status = *status),
            Change::Parent(pid, parent) => self.with(*pid, |process| process.parent = *parent),
            Change::Name(pid, name) => self.with(*pid, |process| process.name.clone_from(name)),
            Change::Descriptor(pid, fd, descriptor) => self.with(*pid, |process| {
                process.descriptors.insert(*fd, (**descriptor).clone());
            }),
            Change::Closed(pid, fd) => self.with(*pid, |process| {
                process.descriptors.remove(fd);
            }),
            Change::Signals(pid, [blocked, pending, ignored, caught]) => {
                self.with(*pid, |process| {
                    process.blocked = *blocked;
                    process.pending = *pending;
                    process.ignored = *ignored;
                    process.caught = *caught;
                });
            }
        }
    }

    fn with(&mut self, pid: Pid, change: impl FnOnce(&mut Process)) {
        if let Some(process) = self.processes.get_mut(&pid) {
            change(process);
        }
    }
}

impl Process {
    fn signals(&self) -> [u64; 4] {
        [self.blocked, self.pending, self.ignored, self.caught]
    }

    fn changes(&self, pid: Pid, new: &Self, changes: &mut Vec<Change>) {
        if self.status != new.status {
            changes.push(Change::Status(pid, new.status));
        }
        if self.parent != new.parent {
            changes.push(Change::Parent(pid, new.parent));
        }
        if self.name != new.name {
            changes.push(Change::Name(pid, new.name.clone()));
        }
        for (&fd, descriptor) in &new.descriptors {
            if self.descriptors.get(&fd) != Some(descriptor) {
                changes.push(Change::Descriptor(pid, fd, Box::new(descriptor.clone())));
            }
        }
        let closed = self.descriptors.keys().filter(|fd| !new.descriptors.contains_key(fd));
        changes.extend(closed.map(|&fd| Change::Closed(pid, fd)));
        if self.signals() != new.signals() {
            changes.push(Change::Signals(pid, new.signals()));
        }
    }
}
