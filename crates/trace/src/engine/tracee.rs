//! A traced task, and its process.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::current::Position;
use super::limits::{Timer, Which};
use super::pieces::Pieces;
use super::rounds::Rounds;
use crate::kernel::Watch;
use crate::sys::Tid;
use crate::task::Task;

/// A traced task.
#[derive(Debug)]
pub(super) struct Tracee {
    pub(super) tid: Tid,
    pub(super) pid: Tid,
    pub(super) name: Task,
    pub(super) motion: Motion,
    pub(super) position: Position,
    /// What the handlers that run have come between, outermost first.
    pub(super) handlers: Vec<Position>,
    pub(super) slice: Slice,
    /// Calls in this turn.
    pub(super) calls: u32,
    /// What it is reading.
    pub(super) pieces: Pieces,
    /// What it does again and again.
    pub(super) rounds: Rounds,
    /// By what it is looked at, once it was.
    pub(super) watch: Option<Watch>,
}

/// What the tracer lets a task do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Motion {
    /// It is born; its first stop is on the way.
    Expected,
    /// In a stop, the tracer's to end. This signal is delivered then; 0 is none.
    Held(i32),
    /// In a stop, until it is time: a sleep that takes no real time, or a delay.
    Waiting(Until),
    /// Let go, and not stopped again.
    Going(Going),
    /// Stopped by a signal, as it would be without a tracer.
    Listening,
}

/// When a waiting task may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Until {
    /// In real time.
    Real(Instant),
    /// In virtual time.
    Virtual(Duration),
}

/// A task on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Going {
    /// Since then.
    pub(super) since: Instant,
    /// Whether it was found awake when it was looked at last.
    pub(super) awake: Option<Awake>,
}

impl Going {
    /// From now on.
    pub(super) fn now() -> Self {
        Self { since: Instant::now(), awake: None }
    }
}

/// A task that was found awake, or in the sleep that is deaf to signals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Awake {
    /// Since then.
    pub(super) since: Instant,
    /// What it had used of a processor when it had been so for a while.
    pub(super) used: Option<Duration>,
}

/// Tasks that do not sleep take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slice {
    /// It has a turn, or may have one.
    Fresh,
    /// It computes, and is being stopped.
    Ending,
    /// Its turn is over, because it has computed all the time: the how manieth turn this was.
    Spent(u64),
    /// The same, because it has made many calls, or yields.
    Asked(u64),
}

impl Tracee {
    /// By what it is looked at; `None` when it is gone.
    pub(super) fn watch(&mut self) -> Option<&Watch> {
        if self.watch.is_none() {
            self.watch = Watch::of(self.pid, self.tid);
        }
        self.watch.as_ref()
    }

    /// Whether it was let go or born, and has not reported itself.
    pub(super) fn is_off(&self) -> bool {
        matches!(self.motion, Motion::Going(_) | Motion::Expected)
    }

    /// Whether its process began with it.
    pub(super) fn is_leader(&self) -> bool {
        self.tid == self.pid
    }

    /// Whether it would move if it were let go.
    pub(super) fn is_movable(&self) -> bool {
        matches!(self.motion, Motion::Held(_))
    }

    /// Whether it stands in a stop.
    pub(super) fn is_held(&self) -> bool {
        matches!(self.motion, Motion::Held(_) | Motion::Waiting(_))
    }
}

/// Whether signals have stopped a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    Runs,
    Stopped,
    /// SIGCONT was sent, and was not delivered.
    Continued,
}

/// A traced process that is alive.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) name: Task,
    /// Threads so far.
    pub(super) threads: u32,
    pub(super) job: Job,
    /// What goes off by itself.
    pub(super) timers: HashMap<Which, Timer>,
}
