//! What a task is doing.

use trace::{Birth, Call, End, Place, Status, Step, Task, signal_name};

use super::words::{clean, place};
use super::world::World;

/// What a task is doing, and where it was seen last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    /// What it is doing.
    pub(crate) doing: Doing,
    /// A signal has stopped its process.
    pub(crate) stopped: Option<i32>,
    /// Where it made its last call.
    pub(crate) place: Place,
    /// That call.
    pub(crate) call: Option<Call>,
    /// Who made it, and how.
    pub(crate) born: Option<(Task, Birth)>,
}

/// What a task is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Code of its own.
    #[default]
    Runs,
    /// It has begun a call.
    Calls,
    /// It sleeps in one.
    Sleeps,
    /// It has ended.
    Ended(End),
}

impl Lane {
    pub(super) fn calls(step: &Step, doing: Doing) -> Self {
        let (place, call) = (step.place.clone(), step.call.clone());
        Self { doing, place, call, ..Self::default() }
    }

    /// Its process ends.
    pub(super) fn end(&mut self, end: End) {
        self.doing = Doing::Ended(end);
        self.stopped = None;
    }

    /// Whether it can still do something.
    pub(crate) fn is_alive(&self) -> bool {
        !matches!(self.doing, Doing::Ended(_))
    }

    /// In one word: that is what a lane begins with, so that it is read at a glance.
    pub(crate) fn word(&self, task: Task, world: &World) -> &'static str {
        match (self.doing, self.stopped) {
            (Doing::Ended(_), _) if self.is_zombie(task, world) => "zombie",
            (Doing::Ended(_), _) => "ended",
            (_, Some(_)) => "stopped",
            (Doing::Runs, None) => "running",
            (Doing::Calls, None) => "calls",
            (Doing::Sleeps, None) => "asleep",
        }
    }

    /// Where it was seen last.
    pub(crate) fn at(&self) -> String {
        self.place.location().map(place).unwrap_or_default()
    }

    /// The rest of the sentence: in which call, by what.
    pub(crate) fn details(&self, task: Task, world: &World) -> String {
        match (self.doing, self.stopped) {
            (Doing::Ended(End::Thread), _) => "a thread".into(),
            (Doing::Ended(end), _) => {
                let waited = !self.is_zombie(task, world) && world.has_state && task.process > 1;
                how(end) + if waited { ", waited for" } else { "" }
            }
            (_, Some(signal)) => format!("by {}", signal_name(signal)),
            (Doing::Calls | Doing::Sleeps, None) => {
                self.call.as_ref().map(|call| clean(&format!("in {call}"))).unwrap_or_default()
            }
            (Doing::Runs, None) => String::new(),
        }
    }

    fn is_zombie(&self, task: Task, world: &World) -> bool {
        matches!(self.doing, Doing::Ended(End::Code(_) | End::Signal(_)))
            && world.process_of(task).is_some_and(|(_, process)| process.status == Status::Zombie)
    }
}

/// How a process has ended.
pub(super) fn how(end: End) -> String {
    match end {
        End::Thread => "its thread ends".into(),
        End::Code(code) => format!("with status {code}"),
        End::Signal(signal) => format!("by {}", signal_name(signal)),
    }
}
