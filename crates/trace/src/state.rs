//! What the kernel holds for the traced processes, and what has changed from step to step.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::call::Address;

/// All traced processes, by the kernel's number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Those that are alive, and those that have ended and were not waited for.
    pub processes: BTreeMap<i32, Process>,
}

/// A process (proc_pid_stat(5), proc_pid_status(5)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The command's name, at most 15 bytes.
    pub name: String,
    /// The parent.
    pub parent: i32,
    /// What it is doing.
    pub status: Status,
    /// Its descriptors; none when it has ended.
    pub descriptors: BTreeMap<i32, Descriptor>,
    /// Signals that it holds back, as bits: bit 0 is signal 1.
    pub blocked: u64,
    /// Signals that wait to be delivered.
    pub pending: u64,
    /// Signals that it ignores.
    pub ignored: u64,
    /// Signals that it has a handler for.
    pub caught: u64,
}

/// What a process is doing. A task that the tracer holds is shown as ready, because that is what
/// it would be without a tracer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Running or ready (R).
    Ready,
    /// Asleep until something happens (S).
    Asleep,
    /// Asleep and deaf to signals (D).
    Uninterruptible,
    /// Stopped by a signal (T).
    Stopped,
    /// It has ended and nobody has waited for it (Z).
    Zombie,
}

/// A descriptor, and the open file description behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// What it stands for.
    pub object: Object,
    /// O_NONBLOCK.
    pub nonblocking: bool,
    /// FD_CLOEXEC.
    pub close_on_exec: bool,
}

/// What a descriptor stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A file with a name.
    File {
        /// Its name.
        path: String,
        /// Where the next read or write begins.
        offset: u64,
    },
    /// One end of a pipe.
    Pipe {
        /// Both ends of one pipe have the same number.
        inode: u64,
        /// This end writes.
        writes: bool,
        /// Bytes in it.
        queued: u64,
        /// Bytes that fit.
        capacity: u64,
    },
    /// A socket.
    Socket(Socket),
    /// epoll(7): the descriptors that are watched, with their events as bits.
    Epoll {
        /// Descriptor → events.
        watches: BTreeMap<i32, u32>,
    },
    /// eventfd(2) and its count.
    Event {
        /// The count.
        count: u64,
    },
    /// signalfd(2) and the signals that it takes, as bits.
    Signals {
        /// Bit 0 is signal 1.
        mask: u64,
    },
    /// timerfd_create(2).
    Timer,
    /// A message queue and its name (mq_overview(7)).
    Queue {
        /// With its slash.
        name: String,
    },
    /// pidfd_open(2).
    Process {
        /// Whom it stands for; `None` when that has been waited for.
        pid: Option<i32>,
    },
    /// A terminal.
    Terminal,
    /// Anything else, as /proc/PID/fd shows it.
    Other(String),
}

/// A socket, as far as the kernel tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Socket {
    /// `tcp`, `udp`, `unix stream`, `unix datagram`, …
    pub kind: String,
    /// Its own address.
    pub local: Option<Address>,
    /// The address at the other end.
    pub peer: Option<Address>,
    /// The state, such as `LISTEN` or `CLOSE-WAIT`, in the words of ss(8).
    pub state: Option<String>,
    /// Of a listener: connections that wait for accept, and how many may.
    pub backlog: Option<(u32, u32)>,
    /// Bytes (of a datagram socket: of the first datagram) that wait to be read.
    pub readable: u64,
    /// Bytes that were written and not yet taken by the other end.
    pub unsent: u64,
}

/// One difference between two [`State`]s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A process is there, with everything that it has.
    Process(i32, Box<Process>),
    /// A process is gone: somebody has waited for it.
    Gone(i32),
    /// It does something else.
    Status(i32, Status),
    /// It has another parent.
    Parent(i32, i32),
    /// It has another name.
    Name(i32, String),
    /// A descriptor is new, or stands for something else, or what it stands for has changed.
    Descriptor(i32, i32, Box<Descriptor>),
    /// A descriptor is closed.
    Closed(i32, i32),
    /// Signals: blocked, pending, ignored, caught.
    Signals(i32, [u64; 4]),
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

    fn with(&mut self, pid: i32, change: impl FnOnce(&mut Process)) {
        if let Some(process) = self.processes.get_mut(&pid) {
            change(process);
        }
    }
}

impl Process {
    fn signals(&self) -> [u64; 4] {
        [self.blocked, self.pending, self.ignored, self.caught]
    }

    fn changes(&self, pid: i32, new: &Self, changes: &mut Vec<Change>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn process(status: Status) -> Process {
        let timer = Descriptor { object: Object::Timer, nonblocking: false, close_on_exec: true };
        Process {
            name: "demo".into(),
            parent: 1,
            status,
            descriptors: [(3, timer)].into(),
            blocked: 0,
            pending: 0,
            ignored: 0,
            caught: 0,
        }
    }

    #[test]
    fn applying_the_changes_gives_the_later_state() {
        let mut later = process(Status::Zombie);
        later.parent = 7;
        later.name = "other".into();
        later.pending = 1 << 9;
        let event = Object::Event { count: 1 };
        let event = Descriptor { object: event, nonblocking: true, close_on_exec: true };
        later.descriptors = [(4, event)].into();
        let ready = || process(Status::Ready);
        let states = [
            State::default(),
            State { processes: [(10, ready()), (11, ready())].into() },
            State { processes: [(10, later)].into() },
        ];
        for before in &states {
            for after in &states {
                let changes = before.changes(after);
                assert_eq!(changes.is_empty(), before == after);
                let mut state = before.clone();
                for change in &changes {
                    state.apply(change);
                }
                assert_eq!(state, *after);
            }
        }
    }
}
