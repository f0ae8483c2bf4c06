//! The order of what has changed within a step: by the names of the processes. The kernel's
//! numbers would order them differently once they have wrapped.

use crate::pid::Pid;
use crate::state::Change;

/// Keeps the order of the changes of each process, so that applying them gives the same state.
pub(super) fn by_process(changes: &mut [Change]) {
    changes.sort_by_key(|change| (matches!(change, Change::Gone(_)), process(change)));
}

fn process(change: &Change) -> Pid {
    match change {
        Change::Process(pid, _)
        | Change::Gone(pid)
        | Change::Status(pid, _)
        | Change::Parent(pid, _)
        | Change::Name(pid, _)
        | Change::Descriptor(pid, _, _)
        | Change::Closed(pid, _)
        | Change::Signals(pid, _) => *pid,
    }
}
