//! What the kernel holds for the traced processes, as /proc shows it (proc(5)), and where /proc
//! shows nothing by asking through a duplicate of the descriptor (pidfd_getfd(2), Linux 5.6).
//!
//! Looking changes nothing: /proc is only read, and a duplicate is asked questions that have no
//! side effect (no SO_ERROR, no read) and is closed at once. Duplicates are made of sockets, pipes
//! and message queues, never of files: closing one there could give up a lock.
//!
//! Where duplicates are refused (an older kernel, a container's seccomp filter), sockets come from
//! the tables in /proc/net, which are slow and know less; what nobody tells is `None`.

mod address;
mod again;
mod backlog;
mod descriptors;
mod duplicate;
mod fdinfo;
mod network;
mod proc;
mod process;
mod socket;
mod tables;
mod terminal;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::BTreeMap;

use crate::state::{Descriptor, Object, State};
use crate::sys::Tid;

pub(crate) use again::look_again;
pub(crate) use duplicate::{Duplicate, socket};
pub(crate) use network::network_is_quiet;
pub(crate) use process::parent;
pub(crate) use terminal::carry_on;
pub(crate) use watch::{Watch, task_status};

/// What a process has open, by number; nothing when it has ended or is somebody else's.
pub fn descriptors_of(pid: i32) -> BTreeMap<i32, Descriptor> {
    descriptors::look(pid, &mut descriptors::Sources::default())
}

/// What one of its descriptors stands for.
pub(crate) fn object(pid: Tid, fd: i32) -> Option<Object> {
    descriptors_of(pid).remove(&fd).map(|descriptor| descriptor.object)
}

/// The processes among `pids` that exist. `held` says of a task that the tracer holds it now: but
/// for that it would be ready.
pub(crate) fn look(pids: &[Tid], held: impl Fn(Tid) -> bool) -> State {
    let mut sources = descriptors::Sources::default();
    let look = |&pid: &Tid| Some((pid.into(), process::look(pid, &held, &mut sources)?));
    State { processes: pids.iter().filter_map(look).collect() }
}
