//! What the kernel holds for the traced processes, and what has changed from step to step.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::pid::Pid;

mod change;
mod object;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use object::{Backlog, Descriptor, Lock, LockKind, Object, Socket};

/// All traced processes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Those that are alive, and those that have ended and were not waited for.
    pub processes: BTreeMap<Pid, Process>,
}

/// A process (proc_pid_stat(5), proc_pid_status(5)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The command's name, at most 15 bytes.
    pub name: String,
    /// The parent.
    pub parent: Pid,
    /// What it is doing.
    pub status: Status,
    /// Its descriptors; none when it has ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub descriptors: BTreeMap<i32, Descriptor>,
    /// Signals that its first thread holds back, as bits: bit 0 is signal 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub blocked: u64,
    /// Signals that wait to be delivered to it, or to its first thread.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pending: u64,
    /// Signals that it ignores.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ignored: u64,
    /// Signals that it has a handler for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub caught: u64,
}

/// What a process is doing: the liveliest of its threads, in this order. A task that the tracer
/// holds is shown as ready, because that is what it would be without a tracer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(signals: &u64) -> bool {
    *signals == 0
}
