//! A look at those things alone that may be different since the last one.

use super::descriptors::{Look, Sources};
use super::process;
use super::watch::task_status;
use crate::pid::Pid;
use crate::state::{Object, State, Status};
use crate::sys::Tid;

/// The same as [`super::look`] of the same processes, when nothing else may be different since
/// `before` than what some descriptors stand for, and whether some processes sleep, whose tasks are
/// given. `None` when that is not enough to know.
pub(crate) fn look_again(
    before: &State,
    objects: impl IntoIterator<Item = (Tid, i32)>,
    processes: impl IntoIterator<Item = (Tid, Vec<Tid>)>,
    held: impl Fn(Tid) -> bool,
) -> Option<State> {
    let mut state = before.clone();
    let mut sources = Sources::default();
    let mut any = false;
    for (pid, fd) in objects {
        any = true;
        // A call with a descriptor that is not there has failed.
        let process = before.processes.get(&Pid::Number(pid))?;
        let Some(what) = process.descriptors.get(&fd) else { continue };
        look_like(&mut state, &what.object, &mut sources)?;
    }
    for (pid, tasks) in processes {
        let process = state.processes.get_mut(&Pid::Number(pid))?;
        process.status = status_of(pid, &tasks, &held)?;
    }
    if any {
        look_for_signals(&mut state)?;
    }
    Some(state)
}

/// What arrives may send a signal (O_ASYNC). One that is held back waits, and nothing else tells;
/// any other is delivered, and then everything is looked at.
fn look_for_signals(state: &mut State) -> Option<()> {
    for (&pid, process) in &mut state.processes {
        let Pid::Number(pid) = pid else { continue };
        if process.blocked != 0 && process.status != Status::Zombie {
            process.pending = process::pending(pid)?;
        }
    }
    Some(())
}

/// Looks at all descriptors that may be different when something was done to this.
fn look_like(state: &mut State, what: &Object, sources: &mut Sources) -> Option<()> {
    for (&pid, process) in &mut state.processes {
        let Pid::Number(pid) = pid else { continue };
        let mut look = Look::new(pid, sources);
        for (&fd, descriptor) in &mut process.descriptors {
            if is_touched(&descriptor.object, what)? {
                look.refresh(fd, descriptor)?;
            }
        }
    }
    Some(())
}

/// What a process does whose tasks are these.
fn status_of(pid: Tid, tasks: &[Tid], held: &impl Fn(Tid) -> bool) -> Option<Status> {
    if tasks.iter().any(|&tid| held(tid)) {
        return Some(Status::Ready);
    }
    tasks.iter().filter_map(|&tid| process::status(task_status(pid, tid)?, || false)).min()
}

/// Whether one may be different when something was done to the other.
fn is_touched(one: &Object, other: &Object) -> Option<bool> {
    Some(match (one, other) {
        (Object::File { path, .. }, Object::File { path: other, .. }) => path == other,
        (Object::Pipe { inode, .. }, Object::Pipe { inode: other, .. }) => inode == other,
        (Object::Queue { name, .. }, Object::Queue { name: other, .. }) => name == other,
        // Whom a socket is connected with is not known.
        (Object::Socket(_), Object::Socket(_))
        | (Object::Epoll { .. }, Object::Epoll { .. })
        | (Object::Event { .. }, Object::Event { .. }) => true,
        // Reading takes signals from its process; and who knows what.
        (_, Object::Signals { .. } | Object::Other(_)) => return None,
        _ => false,
    })
}
