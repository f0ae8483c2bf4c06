//! Is it a deadlock, or do they only wait for a moment? /proc tells, without a time limit.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use cli::Outcome;

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) name: String,
    pub(crate) state: char,
    pub(crate) call: String,
    /// How often it has given the processor away of its own will, to sleep.
    sleeps: String,
}

/// Looks at both, and at both again. Whoever sleeps in both looks, and has not fallen asleep anew
/// between them, has slept all the time: between the looks there was a moment when both slept.
pub(crate) fn until_both_sleep(tasks: &[PathBuf; 2]) -> Outcome<[Task; 2]> {
    let both = || -> Outcome<[Task; 2]> { Ok([look(&tasks[0])?, look(&tasks[1])?]) };
    loop {
        let (before, after) = (both()?, both()?);
        if before == after && before.iter().all(|task| task.state == 'S') {
            return Ok(after);
        }
        // Not to synchronise anything: to leave the processor to those who are watched.
        thread::sleep(Duration::from_millis(5));
    }
}

/// proc_pid_status(5), and the system call from proc_pid_syscall(5).
fn look(task: &Path) -> Outcome<Task> {
    let folder = Path::new("/proc").join(task);
    let status = fs::read_to_string(folder.join("status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim().to_owned()).ok_or_else(|| format!("no {name} in status"))
    };
    let state = field("State:")?.chars().next().unwrap_or('?');
    // A number, or "running"; some systems keep it to themselves.
    let call = fs::read_to_string(folder.join("syscall")).unwrap_or_default();
    let call = match call.split(' ').next().and_then(|number| number.parse::<i64>().ok()) {
        Some(libc::SYS_futex) => "futex".to_owned(),
        Some(number) => format!("system call {number}"),
        None => "a system call that is not shown".to_owned(),
    };
    Ok(Task { name: field("Name:")?, state, call, sleeps: field("voluntary_ctxt_switches:")? })
}
