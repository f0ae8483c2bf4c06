//! What the kernel says about a process or one of its tasks (proc(5)).

use std::fs;
use std::time::Duration;

use crate::until::until;

/// The fields of /proc/PID/stat that the tests use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// The command's name, at most 15 bytes.
    pub name: String,
    /// R running or ready, S asleep, D asleep and deaf to signals, T stopped, Z zombie.
    pub state: char,
    /// The parent.
    pub parent: u32,
    /// The process group.
    pub group: u32,
    /// Processor time used so far, user and system together.
    pub cpu: Duration,
    /// It runs no more code (PF_EXITING): a thread that was joined is listed for a moment more.
    pub exiting: bool,
}

/// /proc/PID/stat, `None` when there is no such process (any more). `pid` may be a task's id.
pub fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name stands in parentheses and may itself contain blanks and parentheses: the fields
/// begin behind the last one.
fn parse_stat(text: &str) -> Option<Stat> {
    let name = text.get(text.find('(')? + 1..text.rfind(')')?)?;
    let fields: Vec<&str> = text.get(text.rfind(')')? + 1..)?.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    let flags: u32 = fields.get(6)?.parse().ok()?;
    // USER_HZ has been 100 on every architecture that Rust supports.
    Some(Stat {
        name: name.into(),
        state: fields.first()?.chars().next()?,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        cpu: Duration::from_millis(ticks * 10),
        exiting: flags & 0x4 != 0,
    })
}

/// All processes that this one may see.
pub fn pids() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

/// The tasks (threads) of a process.
pub fn tasks(pid: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

/// The id of the calling thread.
pub fn gettid() -> u32 {
    nix::unistd::gettid().as_raw().cast_unsigned()
}

/// The number of the system call that a task sleeps in, `None` while it runs.
pub fn asleep_in(pid: u32, task: u32) -> Option<i64> {
    let state = stat(task)?.state;
    let text = fs::read_to_string(format!("/proc/{pid}/task/{task}/syscall")).ok()?;
    (state == 'S').then(|| text.split_whitespace().next()?.parse().ok()).flatten()
}

/// Waits until a task of this process sleeps in one of the given calls (`libc::SYS_…`).
#[track_caller]
pub fn until_asleep(task: u32, calls: &[i64]) {
    until(&format!("task {task} sleeps in one of the calls {calls:?}"), || {
        asleep_in(std::process::id(), task).filter(|call| calls.contains(call))
    });
}

/// One line for every task of a process: what it is doing. For the watchdog's last words.
pub fn report(pid: u32) -> String {
    let read = |path: String| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
    let line = |task| {
        let Stat { name, state, .. } = stat(task)?;
        let call = read(format!("/proc/{pid}/task/{task}/syscall"));
        let place = read(format!("/proc/{pid}/task/{task}/wchan"));
        Some(format!("  task {task} ({name}): state {state}, system call {call}, in {place}\n"))
    };
    tasks(pid).into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_contain_what_separates_the_fields() {
        let text = "7 (a) R (b) S 5 6 6 0 -1 0 0 0 0 0 12 30 0 0 20 0 1 0 0 0 0";
        let stat = parse_stat(text).unwrap();
        assert_eq!(
            (stat.name.as_str(), stat.state, stat.parent, stat.group),
            ("a) R (b", 'S', 5, 6)
        );
        assert_eq!(stat.cpu, Duration::from_millis(420));
        assert!(!stat.exiting);
        let text = text.replacen(" -1 0 0", " -1 4194308 0", 1);
        assert!(parse_stat(&text).unwrap().exiting);
        assert_eq!(parse_stat("7 (a"), None);
    }

    #[test]
    fn sees_this_very_process() {
        let me = stat(std::process::id()).unwrap();
        assert_eq!(me.parent, std::os::unix::process::parent_id());
        assert!(pids().contains(&std::process::id()));
        assert!(tasks(std::process::id()).contains(&gettid()));
    }
}
