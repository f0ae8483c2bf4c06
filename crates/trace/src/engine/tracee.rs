//! A traced task, and its process.

use std::time::{Duration, Instant};

use super::current::Position;
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

/// Tasks that only compute take turns, when all others sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slice {
    /// It has made a call since it was last cut short.
    Fresh,
    /// It computes, and is being stopped.
    Ending,
    /// It was stopped while it computed: the how manieth such stop this was.
    Spent(u64),
}

impl Tracee {
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
    /// When its alarm goes off, in real and in virtual time.
    pub(super) alarm: Option<(Instant, Duration)>,
}
