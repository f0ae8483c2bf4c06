//! One visible thing in the life of the traced program.

use serde::{Deserialize, Serialize};

use crate::call::{Answer, Call};
use crate::pid::Pid;
use crate::state::Change;
use crate::task::Task;

/// One visible thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// 1 is the first.
    pub number: u32,
    /// Who does it, or whom it happens to.
    pub task: Task,
    /// What happens.
    pub event: Event,
    /// The call that the task is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// Where that call was made.
    #[serde(default, skip_serializing_if = "Place::is_nowhere")]
    pub place: Place,
    /// What was written to standard output or standard error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Output>,
    /// What is different in the kernel since the step before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A call begins.
    Enter,
    /// It sleeps in the kernel: everybody else has stopped or sleeps, and it has not returned.
    Blocked,
    /// It returns.
    Return {
        /// With this.
        answer: Answer,
        /// The fault that was injected, by its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
    /// A signal is delivered.
    Signal {
        /// Its number.
        signal: i32,
        /// The process that sent it; `None` is the kernel.
        sender: Option<Pid>,
        /// What it does.
        effect: Effect,
    },
    /// The task has come into being.
    Born {
        /// Who made it.
        parent: Task,
        /// How.
        how: Birth,
    },
    /// Its process runs another program from here on.
    Exec {
        /// That program.
        path: String,
    },
    /// A signal has stopped its process.
    Stopped {
        /// The signal.
        signal: i32,
    },
    /// The task has ended.
    Ended(End),
    /// Nothing can move, and no time limit will change that. For each task where it sleeps.
    Stuck(Vec<(Task, Option<Call>, Place)>),
    /// The steps before this one have come again, with other values: in a loop, while stepping
    /// (unless [`Options::whole`](crate::Options::whole) is asked for), or in a recording that has
    /// been folded. Its changes are what they have changed in all, and its number is that of the
    /// last of them.
    Again {
        /// So many steps before this one …
        steps: u32,
        /// … have come so many times more.
        times: u32,
    },
}

/// What a signal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// A handler runs.
    Handled,
    /// Nothing.
    Ignored,
    /// The process ends.
    Ends,
    /// The process stops.
    Stops,
    /// A stopped process goes on.
    Continues,
}

/// How a task was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Birth {
    /// A process with memory of its own.
    Fork,
    /// A process that borrows its parent's memory until it executes another program.
    Vfork,
    /// A thread.
    Thread,
}

/// How a task has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// A thread, while its process goes on.
    Thread,
    /// A process, with this status.
    Code(i32),
    /// A process, by this signal.
    Signal(i32),
}

/// Where in the program a call was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The frames in the program's own source, innermost first.
    pub stack: Vec<Location>,
    /// What the innermost of them has called: `std::net::TcpListener::bind`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The function of the C library on the way to the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub libc: Option<String>,
}

impl Place {
    /// No frame of the program's own was found.
    pub fn is_nowhere(&self) -> bool {
        self.stack.is_empty() && self.api.is_none() && self.libc.is_none()
    }

    /// The line of the program that the call belongs to.
    pub fn location(&self) -> Option<&Location> {
        self.stack.first()
    }
}

/// A line of source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// Relative to the root of the source.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// The function, with its path and without its hash.
    pub function: String,
}

/// Something that the program has said.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Output {
    /// Where.
    pub stream: Stream,
    /// What, as far as it is UTF-8.
    pub text: String,
}

/// Standard output or standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Descriptor 1.
    Out,
    /// Descriptor 2.
    Err,
}
