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
mod backlog;
mod descriptors;
mod duplicate;
mod fdinfo;
mod process;
mod socket;
mod tables;
#[cfg(test)]
mod tests;

use crate::state::State;
use crate::sys::Tid;

pub(crate) use process::task_status;

/// The processes among `pids` that exist. `held` says of a task that the tracer holds it now: but
/// for that it would be ready.
pub(crate) fn look(pids: &[Tid], held: impl Fn(Tid) -> bool) -> State {
    let mut sources = descriptors::Sources::default();
    let look = |&pid: &Tid| Some((pid.into(), process::look(pid, &held, &mut sources)?));
    State { processes: pids.iter().filter_map(look).collect() }
}
