//! Where everybody is: each task with the line where it sleeps or runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use trace::{Doing, Object, Standing, Value};

use super::{clear, descriptor};
use crate::proc::{self, Stat};

/// More than these are not told: who forks without end has hundreds that do the same.
const MOST: usize = 12;

/// Where the tasks of some processes are. Asked once, because looking stops them.
pub(super) struct Places {
    pids: Vec<u32>,
    found: Vec<Standing>,
    /// Why nobody's line is known.
    denied: Option<String>,
}

impl Places {
    pub(super) fn of(pids: &[u32], root: &Path) -> Self {
        let pids: Vec<u32> = pids.iter().copied().take(MOST).collect();
        let numbers: Vec<i32> = pids.iter().map(|pid| pid.cast_signed()).collect();
        match trace::where_are(&numbers, root) {
            Ok(found) => Self { pids, found, denied: None },
            Err(error) => Self { pids, found: Vec::new(), denied: Some(error.to_string()) },
        }
    }

    /// What one task does.
    pub(super) fn task(&self, tid: u32) -> String {
        let found = self.found.iter().find(|standing| standing.tid == tid.cast_signed());
        match found {
            Some(standing) => words(standing, &self.pids),
            // The fallback: what /proc says to everybody of the same user.
            None => proc::stat(tid)
                .map_or("it has ended by now".into(), |stat| without_lines(tid, &stat)),
        }
    }
}

fn without_lines(tid: u32, stat: &Stat) -> String {
    let place = std::fs::read_to_string(format!("/proc/{tid}/wchan")).unwrap_or_default();
    let place =
        if place.is_empty() || place == "0" { String::new() } else { format!(", in {place}") };
    match stat.state {
        'R' => format!("runs (state R); {:.1} s of processor time so far", stat.cpu.as_secs_f64()),
        'T' | 't' => "is stopped by a signal (state T)".into(),
        state => format!("asleep (state {state}{place})"),
    }
}

/// Everybody below the harness, one line each.
pub(super) fn report(harness: u32, case: u32, root: &Path) -> Vec<String> {
    let all = clear::descendants(harness);
    let mut pids: Vec<u32> = all.keys().copied().filter(|&pid| pid != case).collect();
    pids.insert(0, case);
    let living: Vec<u32> =
        pids.iter().copied().filter(|pid| all.get(pid).is_some_and(|s| s.state != 'Z')).collect();
    let places = Places::of(&living, root);
    let mut lines = Vec::new();
    for &pid in living.iter().take(MOST) {
        for tid in proc::tasks(pid) {
            lines.push(format!("{} {}", who(pid, tid, case, &all), places.task(tid)));
        }
    }
    if living.len() > MOST {
        lines.push(format!("and {} processes more", living.len() - MOST));
    }
    // Orphans are the harness's to reap.
    let dead = all.iter().filter(|(_, stat)| stat.state == 'Z' && stat.parent != harness);
    let dead = dead.take(MOST);
    lines.extend(dead.map(|(pid, stat)| {
        format!(
            "process {pid}, a child of process {}, has ended, and nobody has waited for it (state Z)",
            stat.parent
        )
    }));
    lines.extend(places.denied.map(|why| format!("(without lines of source: {why})")));
    lines
}

fn who(pid: u32, tid: u32, case: u32, all: &BTreeMap<u32, Stat>) -> String {
    let is_first = pid == tid;
    match (pid == case, is_first) {
        (true, true) => format!("the test (process {pid})"),
        (true, false) => format!("thread {tid}"),
        (false, true) => {
            let parent = all.get(&pid).map_or(0, |stat| stat.parent);
            let of =
                if parent == case { "its child".into() } else { format!("of parent {parent}") };
            format!("process {pid} ({of})")
        }
        (false, false) => format!("thread {tid} of process {pid}"),
    }
}

/// `asleep in read(5, …), the reading end of a pipe, at src/lib.rs:31`
fn words(standing: &Standing, pids: &[u32]) -> String {
    let mut words = match standing.doing {
        Doing::Sleeping => "asleep".to_owned(),
        Doing::Computing if standing.used < Duration::from_millis(100) => "runs".into(),
        Doing::Computing => format!(
            "runs all the time: {:.1} s of processor time so far,",
            standing.used.as_secs_f64()
        ),
        Doing::Stopped => "stopped by a signal (state T): only SIGCONT moves it on;".into(),
    };
    // Writing to a String cannot fail.
    if let Some(call) = &standing.call {
        let first = match call.args.first() {
            Some(value @ (Value::Fd(_) | Value::Pid(_))) => format!("{value}, …"),
            Some(_) => "…".into(),
            None => String::new(),
        };
        let _ = write!(words, " in {}({first})", call.name);
    }
    if let Some(object) = &standing.object {
        let _ = write!(words, ", {},", descriptor::words(object));
    }
    if let Some(location) = standing.place.location() {
        let _ = write!(words, " at {}:{}", location.file, location.line);
        // What a futex(2) is for, only the function knows that waits with it.
        let api = standing.place.api.as_deref().filter(|api| !api.is_empty());
        if let Some(api) =
            api.filter(|_| standing.call.as_ref().is_some_and(|call| call.name == "futex"))
        {
            let _ = write!(words, ", waiting in {api}");
        }
    }
    if let Some(writers) = standing.object.as_ref().and_then(|object| writers(object, pids)) {
        let _ = write!(words, "; {writers}");
    }
    words
}

/// A reader of a pipe waits as long as anybody could still write to it.
fn writers(object: &Object, pids: &[u32]) -> Option<String> {
    let Object::Pipe { inode: pipe, writes: false, .. } = object else { return None };
    let mut holders = Vec::new();
    for &pid in pids {
        for (fd, open) in trace::descriptors_of(pid.cast_signed()) {
            if matches!(open.object, Object::Pipe { inode, writes: true, .. } if inode == *pipe) {
                holders.push(format!("process {pid} (descriptor {fd})"));
            }
        }
    }
    (!holders.is_empty())
        .then(|| format!("the writing end is still open in {}", holders.join(" and ")))
}
