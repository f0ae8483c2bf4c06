//! When was what saved?
//!
//! inotify(7) says that something has happened; what has, the files themselves say. So it does not
//! matter how an editor saves (in place, or a new file that is renamed), nor what inotify misses:
//! where there is none (its limits are used up, a network file system), it is looked often.

use std::collections::HashMap;
use std::fs;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::statfs::statfs;
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::course::Course;

/// How often is looked: without inotify, and with it.
const OFTEN: Duration = Duration::from_millis(250);
const SELDOM: Duration = Duration::from_secs(2);

/// File systems whose files change elsewhere (statfs(2)): NFS, SMB, CIFS, FUSE, 9P, those of
/// VirtualBox, and AFS.
const ELSEWHERE: [u32; 8] =
    [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546, 0x0102_1997, 0x786f_4256, 0x5346_414f];

/// What one file was like: a save changes at least one of these.
type Stamp = (PathBuf, i64, i64, u64, u64);

/// The sources in `work/`.
pub(super) struct Saves {
    woken: Arc<EventFd>,
    watcher: Option<RecommendedWatcher>,
    stamps: HashMap<String, Vec<Stamp>>,
}

impl Saves {
    /// From now on.
    pub(super) fn of(course: &Course) -> nix::Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let woken = Arc::new(EventFd::from_value_and_flags(0, flags)?);
        let watcher = watcher(course.work.folder(), &woken);
        Ok(Self { woken, watcher, stamps: stamps(course) })
    }

    /// How long to wait before looking again.
    pub(super) fn patience(&self) -> Duration {
        if self.watcher.is_some() { SELDOM } else { OFTEN }
    }

    /// Forgets that something has happened, before a look at what.
    pub(super) fn look(&self) {
        // EAGAIN: nothing has.
        let _ = self.woken.read();
    }

    /// The exercise whose source was saved since this was asked last. One that is new was started
    /// elsewhere, which is no save, unless it is the current one, which has come back.
    pub(super) fn saved(&mut self, course: &Course, current: &str) -> Option<String> {
        let now = stamps(course);
        let is_saved = |(name, stamps): &(&String, &Vec<Stamp>)| match self.stamps.get(*name) {
            Some(before) => before != *stamps,
            None => *name == current,
        };
        let newest = |stamps: &[Stamp]| stamps.iter().map(|stamp| (stamp.1, stamp.2)).max();
        let saved = now.iter().filter(is_saved).max_by_key(|(_, stamps)| newest(stamps));
        let saved = saved.map(|(name, _)| name.clone());
        self.stamps = now;
        saved
    }
}

/// Readable when something has happened.
impl AsFd for Saves {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.woken.as_fd()
    }
}

fn watcher(folder: &Path, woken: &Arc<EventFd>) -> Option<RecommendedWatcher> {
    let kind = statfs(folder).ok()?.filesystem_type().0;
    if ELSEWHERE.iter().any(|elsewhere| i128::from(*elsewhere) == i128::from(kind) & 0xffff_ffff) {
        return None;
    }
    let woken = Arc::clone(woken);
    let wake = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| event.kind.is_access()) {
            return;
        }
        // EAGAIN: it has been woken 2^64 times already.
        let _ = woken.write(1);
    };
    let mut watcher = RecommendedWatcher::new(wake, Config::default()).ok()?;
    watcher.watch(folder, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

fn stamps(course: &Course) -> HashMap<String, Vec<Stamp>> {
    let started = course.exercises.iter().filter(|exercise| course.work.has(exercise));
    started
        .map(|exercise| {
            let mut stamps = Vec::new();
            sources(&course.work.place(exercise).join("src"), 4, &mut stamps);
            stamps.sort();
            (exercise.name.clone(), stamps)
        })
        .collect()
}

/// Of Rust's sources only: an editor keeps files of its own beside them.
fn sources(folder: &Path, depth: u32, stamps: &mut Vec<Stamp>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && depth > 0 {
            sources(&path, depth - 1, stamps);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(file) = path.metadata()
        {
            stamps.push((path, file.mtime(), file.mtime_nsec(), file.size(), file.ino()));
        }
    }
}
