//! A process: its name, its parent, what it is doing, its signals.

use std::fs;

use super::descriptors::{self, Sources};
use super::proc;
use super::watch::task_status;
use crate::state::{Process, Status};
use crate::sys::Tid;

/// The parent of a process.
pub(crate) fn parent(pid: Tid) -> Option<u32> {
    let text = proc::text(format!("/proc/{pid}/status"))?;
    Report::parse(&String::from_utf8_lossy(&text))?.parent.try_into().ok()
}

/// The signals that wait to be delivered to a process.
pub(super) fn pending(pid: Tid) -> Option<u64> {
    let text = proc::text(format!("/proc/{pid}/status"))?;
    Some(Report::parse(&String::from_utf8_lossy(&text))?.pending)
}

/// A process with all that it has; `None` when it does not exist (any more).
pub(super) fn look(
    pid: Tid,
    held: &impl Fn(Tid) -> bool,
    sources: &mut Sources,
) -> Option<Process> {
    let text = proc::text(format!("/proc/{pid}/status"))?;
    let text = String::from_utf8_lossy(&text);
    let report = Report::parse(&text)?;
    let status = if report.threads > 1 {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
        let tids = tasks.flatten().filter_map(|task| task.file_name().to_str()?.parse().ok());
        tids.filter_map(|tid| status(task_status(pid, tid)?, || held(tid))).min()?
    } else {
        status(report.letter, || held(pid))?
    };
    // The memory and the descriptors of a process that has ended are gone.
    let alive = status != Status::Zombie;
    let descriptors =
        if alive { descriptors::look(pid, sources) } else { std::collections::BTreeMap::new() };
    Some(Process {
        name: report.name.replace("\\n", "\n").replace("\\\\", "\\"),
        parent: report.parent.into(),
        status,
        descriptors,
        blocked: report.blocked,
        pending: report.pending,
        ignored: report.ignored,
        caught: report.caught,
    })
}

/// `None` for a task that is just being buried.
pub(super) fn status(letter: char, held: impl FnOnce() -> bool) -> Option<Status> {
    Some(match letter {
        'Z' => Status::Zombie,
        'X' => return None,
        _ if held() => Status::Ready,
        'R' => Status::Ready,
        'D' => Status::Uninterruptible,
        // `t`, and not held: a stop by a signal, in which a tracer only listens.
        'T' | 't' => Status::Stopped,
        _ => Status::Asleep,
    })
}

/// The lines of proc_pid_status(5) that matter here.
#[derive(Debug, Default)]
struct Report<'a> {
    name: &'a str,
    letter: char,
    parent: Tid,
    threads: u32,
    blocked: u64,
    pending: u64,
    ignored: u64,
    caught: u64,
}

impl<'a> Report<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut report = Self::default();
        for line in text.lines() {
            let Some((key, value)) = line.split_once(":\t") else { continue };
            let bits = || u64::from_str_radix(value, 16).ok();
            match key {
                "Name" => report.name = value,
                "State" => report.letter = value.chars().next()?,
                "PPid" => report.parent = value.parse().ok()?,
                "Threads" => report.threads = value.parse().ok()?,
                "SigPnd" | "ShdPnd" => report.pending |= bits()?,
                "SigBlk" => report.blocked = bits()?,
                "SigIgn" => report.ignored = bits()?,
                "SigCgt" => {
                    report.caught = bits()?;
                    break;
                }
                _ => {}
            }
        }
        (report.letter != '\0').then_some(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_what_it_would_be_without_a_tracer() {
        for (letter, held, expected) in [
            ('R', false, Some(Status::Ready)),
            ('S', false, Some(Status::Asleep)),
            ('S', true, Some(Status::Ready)),
            ('D', false, Some(Status::Uninterruptible)),
            ('T', false, Some(Status::Stopped)),
            ('t', false, Some(Status::Stopped)),
            ('t', true, Some(Status::Ready)),
            ('Z', true, Some(Status::Zombie)),
            ('X', false, None),
        ] {
            assert_eq!(status(letter, || held), expected, "{letter} {held}");
        }
    }

    #[test]
    fn a_name_may_look_like_anything() {
        let text = "Name:\ta) S 1\nState:\tt (tracing stop)\nPPid:\t7\nThreads:\t2\n\
                    SigPnd:\t0000000000000001\nShdPnd:\t0000000000000200\n\
                    SigBlk:\t0000000000000200\nSigIgn:\t0000000000001000\nSigCgt:\tffffffffffffffff\n";
        let report = Report::parse(text).unwrap();
        assert_eq!((report.name, report.letter, report.parent), ("a) S 1", 't', 7));
        assert_eq!((report.threads, report.pending, report.blocked), (2, 0x201, 0x200));
        assert_eq!((report.ignored, report.caught), (0x1000, u64::MAX));
        assert!(Report::parse("").is_none());
    }
}
