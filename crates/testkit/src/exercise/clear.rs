//! Who is still there below this process, and the end of them all.
//!
//! A process that adopts orphans (PR_SET_CHILD_SUBREAPER) finds everything that was ever started
//! below it by following the parents, whatever sessions and groups were made in between.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpgrp, getpid};

use crate::proc::{self, Stat};

/// So long the killing goes on at most: who cannot be killed is asleep in the kernel itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many are reaped before something else has its turn.
pub(super) const AT_ONCE: u32 = 2000;

/// Everybody below a process, with what the kernel says of them.
pub(super) fn descendants(of: u32) -> BTreeMap<u32, Stat> {
    let all: BTreeMap<u32, Stat> =
        proc::pids().into_iter().filter_map(|pid| Some((pid, proc::stat(pid)?))).collect();
    let mut found = BTreeMap::new();
    let mut parents = vec![of];
    while let Some(parent) = parents.pop() {
        for (&pid, stat) in all.iter().filter(|(_, stat)| stat.parent == parent) {
            if found.insert(pid, stat.clone()).is_none() {
                parents.push(pid);
            }
        }
    }
    found
}

/// Kills and reaps everybody below this process, until nobody is left.
pub(super) fn everybody() {
    let end = Instant::now() + PATIENCE;
    loop {
        reap();
        let all = descendants(getpid().as_raw().cast_unsigned());
        if all.is_empty() || Instant::now() > end {
            return;
        }
        // Whole groups first. The kernel lets nobody fork in a group that is being killed, so not
        // even those get away who only ever fork.
        let own = getpgrp().as_raw().cast_unsigned();
        let groups: BTreeSet<u32> = all.values().map(|stat| stat.group).collect();
        for group in groups.into_iter().filter(|&group| group > 1 && group != own) {
            // Who is gone by now was to be killed anyway; so everywhere here.
            let _ = killpg(Pid::from_raw(group.cast_signed()), Signal::SIGKILL);
        }
        all.keys().copied().for_each(kill_one);
        hunt();
        thread::sleep(Duration::from_millis(1));
    }
}

fn kill_one(pid: u32) {
    let _ = kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL);
}

/// Those who fork once, in a group of their own, and end: they are gone before /proc has been read
/// to its end. Their children come to this process, and a list of its own is read in no time.
fn hunt() {
    for _ in 0..1000 {
        let mut children = Vec::new();
        for task in proc::tasks(std::process::id()) {
            // A kernel without this file leaves it at the slower way.
            let list = fs::read_to_string(format!("/proc/self/task/{task}/children"));
            children.extend(list.unwrap_or_default().split_whitespace().map(str::to_owned));
        }
        if children.is_empty() {
            return;
        }
        children.iter().filter_map(|pid| pid.parse().ok()).for_each(kill_one);
        reap();
    }
}

/// Takes the statuses of children that have ended, orphans that came to this process among them;
/// so many at once, because who only forks makes more in the meantime.
fn reap() {
    for _ in 0..AT_ONCE {
        if reap_one().is_none() {
            return;
        }
    }
}

/// The next child that has ended.
pub(super) fn reap_one() -> Option<WaitStatus> {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG | WaitPidFlag::__WALL)) {
            Err(Errno::EINTR) => {}
            Ok(WaitStatus::StillAlive) | Err(_) => return None,
            Ok(status) => return Some(status),
        }
    }
}
