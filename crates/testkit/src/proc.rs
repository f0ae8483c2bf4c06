//! What the kernel says about a process or one of its tasks (proc(5)).

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

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

/// Whether this task sleeps until something happens to what it has asked about, with no limit of
/// time: no clock wakes it. Calls that can only be told with their options (SO_RCVTIMEO) do not count.
fn waits_for_good(task: u32) -> bool {
    const NEVER: u64 = u32::MAX as u64;
    let Ok(text) = fs::read_to_string(format!("/proc/{task}/syscall")) else { return false };
    let mut words = text.split_whitespace();
    let call = words.next().and_then(|number| number.parse().ok()).unwrap_or(-1_i64);
    let argument = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
    let arguments: Vec<u64> = words.map_while(argument).collect();
    let argument = |index: usize| arguments.get(index).copied();
    match call {
        // An int of milliseconds, -1 for ever: the upper half of the register is anything.
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => argument(2).is_some_and(|limit| limit & NEVER == NEVER),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => argument(3).is_some_and(|limit| limit & NEVER == NEVER),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => argument(4) == Some(0),
        libc::SYS_epoll_pwait => argument(3).is_some_and(|limit| limit & NEVER == NEVER),
        // A pointer to a timespec, or none.
        libc::SYS_ppoll => argument(2) == Some(0),
        libc::SYS_epoll_pwait2 => argument(3) == Some(0),
        libc::SYS_pselect6 => argument(4) == Some(0),
        _ => false,
    }
}

/// Whether a process with one thread comes to rest: asleep, and not woken while it is looked at;
/// which is for longer where a clock could wake it. False when it has used more than `most` of
/// processor time before that, or has been woken again and again: it asks, instead of being told.
pub fn comes_to_rest(pid: u32, most: Duration) -> bool {
    const CALM: Duration = Duration::from_millis(50);
    /// Two looks. What it waits for and was there already would have kept it from sleeping.
    const FOR_GOOD: Duration = Duration::from_millis(2);
    const WAKES: u32 = 250;
    let Some(start) = stat(pid) else { return true };
    let (mut seen, mut since, mut wakes) = (None, Instant::now(), 0);
    loop {
        // Gone is at rest, too.
        let Some(now) = stat(pid).filter(|stat| stat.state != 'Z') else { return true };
        let switches = switches(pid);
        if now.state != 'S' || seen != switches {
            (seen, since, wakes) = (switches, Instant::now(), wakes + 1);
        } else if since.elapsed() > if waits_for_good(pid) { FOR_GOOD } else { CALM } {
            return true;
        }
        if now.cpu.saturating_sub(start.cpu) > most || wakes > WAKES && now.state == 'S' {
            return false;
        }
        // What it does is looked at from time to time; nobody is waited for.
        thread::sleep(FOR_GOOD / 2);
    }
}

/// How often it was put to sleep or lost the processor (proc_pid_status(5)).
fn switches(pid: u32) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some(status.lines().filter(|line| line.contains("ctxt_switches")).collect())
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
    use std::os::fd::AsFd as _;
    use std::sync::mpsc::channel;

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

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

    /// Killed and reaped at the end, also at that of a test that fails.
    struct Script(std::process::Child);

    impl Script {
        fn run(text: &str) -> Self {
            Self(std::process::Command::new("sh").args(["-c", text]).spawn().unwrap())
        }

        fn rests(&self, most: Duration) -> bool {
            comes_to_rest(self.0.id(), most)
        }
    }

    impl Drop for Script {
        fn drop(&mut self) {
            // That it has ended already is no news.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn tells_rest_from_work() {
        let sleeper = Script::run("exec sleep 1000");
        let worker = Script::run("while :; do :; done");
        let waker = Script::run("while :; do sleep 0.01; done");
        // A machine with much to do may let it rest for longer than it wants to.
        assert!((0..20).any(|_| !waker.rests(Duration::from_mins(1))));
        assert!(sleeper.rests(Duration::from_secs(1)));
        assert!(!worker.rests(Duration::from_millis(50)));
        let ended = worker.0.id();
        drop(worker);
        assert!(comes_to_rest(ended, Duration::ZERO));
    }

    #[test]
    fn a_wait_with_a_limit_is_told_from_one_without() {
        let (reader, writer) = std::io::pipe().unwrap();
        thread::scope(|scope| {
            for (limit, for_good) in
                [(PollTimeout::NONE, true), (PollTimeout::from(60_000_u16), false)]
            {
                let (tell, told) = channel();
                let reader = &reader;
                scope.spawn(move || {
                    tell.send(gettid()).unwrap();
                    poll(&mut [PollFd::new(reader.as_fd(), PollFlags::POLLIN)], limit)
                });
                let task = told.recv().unwrap();
                until_asleep(task, POLLS);
                assert_eq!(waits_for_good(task), for_good, "{limit:?}");
            }
            // Both are told the end, and with them the scope.
            drop(writer);
        });
    }

    /// libc makes one of the other on some processors.
    const POLLS: &[i64] = &[
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll,
        libc::SYS_ppoll,
    ];

    #[test]
    fn sees_this_very_process() {
        let me = stat(std::process::id()).unwrap();
        assert_eq!(me.parent, std::os::unix::process::parent_id());
        assert!(pids().contains(&std::process::id()));
        assert!(tasks(std::process::id()).contains(&gettid()));
    }
}
