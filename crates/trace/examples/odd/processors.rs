//! On which processors one may run.

use std::thread::spawn;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getpid};

use crate::Done;
use crate::output::say;
use crate::processes::child;

/// Tells them in a thread, in a child and of its parent, and once more when it has chosen one.
pub(crate) fn processors() -> Done {
    tell("process", getpid())?;
    let chosen = first(getpid())?;
    spawn(|| tell("thread", Pid::from_raw(0))).join().map_err(|_| "a thread has panicked")??;
    let parent = getpid();
    let born = child(|| {
        let told = tell("child", Pid::from_raw(0)).and_then(|()| tell("parent", parent));
        i32::from(told.is_err())
    })?;
    waitpid(born, None)?;
    let mut one = CpuSet::new();
    one.set(chosen)?;
    sched_setaffinity(Pid::from_raw(0), &one)?;
    tell("chosen", Pid::from_raw(0))?;
    let born = child(|| i32::from(tell("inherited", Pid::from_raw(0)).is_err()))?;
    waitpid(born, None)?;
    Ok(())
}

fn is_allowed(set: &CpuSet, processor: usize) -> bool {
    set.is_set(processor).unwrap_or(false)
}

fn first(of: Pid) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
    let set = sched_getaffinity(of)?;
    Ok((0..CpuSet::count()).find(|&n| is_allowed(&set, n)).ok_or("no processor")?)
}

fn tell(who: &str, of: Pid) -> Done {
    let set = sched_getaffinity(of)?;
    let all: Vec<_> = (0..CpuSet::count()).filter(|&n| is_allowed(&set, n)).collect();
    say(&format!("{who}: {all:?}"))
}
