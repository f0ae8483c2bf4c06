//! What a process holds, before and after: descriptors, threads, children.
//!
//! Of the process itself only where nothing else runs beside the test (a test binary of its own);
//! of another process at any time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use crate::proc;

/// What a process held at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Descriptor → what it is, as /proc/PID/fd shows it.
    pub descriptors: BTreeMap<u32, String>,
    /// Thread → its name.
    pub threads: BTreeMap<u32, String>,
    /// Child → its name and state; state Z was never waited for.
    pub children: BTreeMap<u32, String>,
}

impl Holdings {
    /// Of this process.
    pub fn now() -> Self {
        Self::of(std::process::id())
    }

    /// Of another process; empty when it does not exist.
    pub fn of(pid: u32) -> Self {
        let mut descriptors = BTreeMap::new();
        let folder = format!("/proc/{pid}/fd");
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
            // The one that lists the folder has gone by the time its target is read.
            if let (Some(number), Ok(target)) = (number, fs::read_link(entry.path()))
                && target.to_str() != Some(folder.as_str())
            {
                descriptors.insert(number, target.display().to_string());
            }
        }
        let describe = |id| Some((id, proc::stat(id)?));
        // A thread that was joined may still be in the list, with nothing left to do.
        let threads = proc::tasks(pid).into_iter().filter_map(describe);
        let threads = threads.filter(|(_, stat)| !stat.exiting);
        let all = proc::pids().into_iter().filter_map(describe);
        Self {
            descriptors,
            threads: threads.map(|(id, stat)| (id, stat.name)).collect(),
            children: all
                .filter(|(_, stat)| stat.parent == pid)
                .map(|(id, stat)| (id, format!("{} (state {})", stat.name, stat.state)))
                .collect(),
        }
    }

    /// What `later` holds beyond this, one line each; empty when nothing was left over.
    pub fn leaked(&self, later: &Self) -> String {
        let mut text = String::new();
        for (what, before, after) in [
            ("descriptor", &self.descriptors, &later.descriptors),
            ("thread", &self.threads, &later.threads),
            ("child", &self.children, &later.children),
        ] {
            for (id, name) in after.iter().filter(|(id, _)| !before.contains_key(id)) {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{what} {id}, {name}, was left over");
            }
        }
        text
    }
}

/// Runs `work` and fails when this process holds more afterwards than before.
///
/// # Panics
/// When something was left over: the message names it.
#[track_caller]
pub fn none<T>(work: impl FnOnce() -> T) -> T {
    let before = Holdings::now();
    let result = work();
    let leaked = before.leaked(&Holdings::now());
    assert!(leaked.is_empty(), "{leaked}");
    result
}
