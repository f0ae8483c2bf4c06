//! File locks between real processes.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ipc::{Deadline, Error, FileLock};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::signal::Signal;
use process::signals::{Calls, Disposition, alarm};
use process::{Child, Exit, fork};
use tempfile::TempDir;
use testkit::cases::{next_of, pipe, stay, tell};

testkit::cases!(
    one_alone_or_many_readers,
    a_deadline_passes,
    a_lock_that_is_released_is_taken,
    a_signal_is_no_lock,
    many_processes_count_right,
    a_killed_owner_releases,
    a_killed_owners_child_keeps_it_until_it_asks,
    a_lock_excludes_relatives,
    a_childs_copy_of_a_guard_releases_nothing,
    other_descriptors_may_be_closed,
    a_classic_lock_is_seen,
    what_cannot_be_opened_is_told,
);

const NEVER: Deadline = Deadline::Never;

fn scratch() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lock");
    (dir, path)
}

fn joined(mut child: Child) {
    assert_eq!(child.join(NEVER).unwrap(), Some(Exit::Code(0)));
}

/// Whether a stranger gets the lock now.
fn free(path: &Path) -> (bool, bool) {
    let mut lock = FileLock::open(path).unwrap();
    let shared = lock.shared(Deadline::Now).is_ok();
    (lock.exclusive(Deadline::Now).is_ok(), shared)
}

/// A child that holds the lock, with a line on which it hears that it shall release it.
fn holder(path: &Path) -> (Child, std::os::fd::OwnedFd) {
    let (reader, writer) = pipe();
    let (hear, say) = pipe();
    let path = path.to_owned();
    let child = fork(move || {
        let mut lock = FileLock::open(path).unwrap();
        let guard = lock.exclusive(NEVER).unwrap();
        tell(&say, "held");
        next_of(&reader);
        sleep(Duration::from_millis(20));
        drop(guard);
        tell(&say, "released");
        0
    })
    .unwrap();
    assert_eq!(next_of(&hear), "held");
    (child, writer)
}

fn one_alone_or_many_readers() {
    let (_dir, path) = scratch();
    let (mut a, mut b) = (FileLock::open(&path).unwrap(), FileLock::open(&path).unwrap());
    assert_eq!(free(&path), (true, true));
    let exclusive = a.exclusive(NEVER).unwrap();
    assert_eq!(free(&path), (false, false));
    assert_eq!(b.exclusive(Deadline::Now).unwrap_err(), Error::TimedOut);
    drop(exclusive);
    let (one, other) = (a.shared(NEVER).unwrap(), b.shared(Deadline::Now).unwrap());
    assert_eq!(free(&path), (false, true));
    drop(one);
    assert_eq!(free(&path), (false, true));
    drop(other);
    assert_eq!(free(&path), (true, true));
}

fn a_deadline_passes() {
    let (_dir, path) = scratch();
    let (child, writer) = holder(&path);
    let mut lock = FileLock::open(&path).unwrap();
    for limit in [1, 30] {
        let (limit, start) = (Duration::from_millis(limit), Instant::now());
        assert_eq!(lock.exclusive(Deadline::after(limit)).unwrap_err(), Error::TimedOut);
        assert!(start.elapsed() >= limit);
        assert_eq!(lock.shared(Deadline::after(limit)).unwrap_err(), Error::TimedOut);
    }
    tell(&writer, "go on");
    joined(child);
}

fn a_lock_that_is_released_is_taken() {
    let (_dir, path) = scratch();
    for deadline in [NEVER, Deadline::after(Duration::from_mins(1))] {
        let (child, writer) = holder(&path);
        let mut lock = FileLock::open(&path).unwrap();
        tell(&writer, "go on");
        let guard = lock.exclusive(deadline).unwrap();
        assert_eq!(free(&path), (false, false));
        drop(guard);
        joined(child);
    }
}

fn a_signal_is_no_lock() {
    let (_dir, path) = scratch();
    let alarms = Disposition::count(Signal::SIGALRM, Calls::Interrupt).unwrap();
    let (child, writer) = holder(&path);
    let mut lock = FileLock::open(&path).unwrap();
    alarm(Duration::from_millis(5)).unwrap();
    tell(&writer, "go on");
    drop(lock.exclusive(NEVER).unwrap());
    joined(child);
    testkit::until("the alarm has come", || (alarms.seen() == 1).then_some(()));
}

/// A counter in the file itself, read and written under the lock.
fn many_processes_count_right() {
    let (_dir, path) = scratch();
    let add = || {
        let mut lock = FileLock::open(&path).unwrap();
        let mut file = File::from(lock.as_fd().try_clone_to_owned().unwrap());
        for i in 0..100 {
            let deadline = if i % 2 == 0 { NEVER } else { Deadline::after(Duration::from_mins(1)) };
            let _guard = lock.exclusive(deadline).unwrap();
            let mut text = String::new();
            file.rewind().unwrap();
            file.read_to_string(&mut text).unwrap();
            let count: u32 = text.parse().unwrap_or(0);
            file.rewind().unwrap();
            write!(file, "{}", count + 1).unwrap();
        }
        0
    };
    let children: Vec<Child> = (0..3).map(|_| fork(add).unwrap()).collect();
    children.into_iter().for_each(joined);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "300");
}

fn a_killed_owner_releases() {
    let (_dir, path) = scratch();
    let (mut child, _writer) = holder(&path);
    assert_eq!(free(&path), (false, false));
    child.kill().unwrap();
    child.join(NEVER).unwrap();
    assert_eq!(free(&path), (true, true));
}

fn a_killed_owners_child_keeps_it_until_it_asks() {
    let (_dir, path) = scratch();
    let (hear, say) = pipe();
    let (reader, writer) = pipe();
    let _subreaper = process::orphan::Subreaper::new().unwrap();
    let owned = path.clone();
    let mut owner = fork(move || {
        let mut lock = FileLock::open(owned).unwrap();
        let guard = lock.exclusive(NEVER).unwrap();
        std::mem::forget(guard);
        let child = fork(|| {
            tell(&say, &std::process::id().to_string());
            next_of(&reader);
            drop(lock.exclusive(NEVER).unwrap());
            tell(&say, "had it");
            0
        });
        child.unwrap().leave();
        stay()
    })
    .unwrap();
    let grandchild = next_of(&hear).parse().unwrap();
    owner.kill().unwrap();
    owner.join(NEVER).unwrap();
    assert_eq!(free(&path), (false, false), "its child has the open file");
    tell(&writer, "ask");
    assert_eq!(next_of(&hear), "had it");
    joined(Child::adopt(process::Pid::from_raw(grandchild)).unwrap());
    assert_eq!(free(&path), (true, true));
}

fn a_lock_excludes_relatives() {
    let (_dir, path) = scratch();
    let mut lock = FileLock::open(&path).unwrap();
    // The path may lead elsewhere by then.
    std::fs::remove_file(&path).unwrap();
    let _other = File::create(&path).unwrap();
    let mut ours = Some(lock.exclusive(NEVER).unwrap());
    let child = fork(|| {
        // What borrows the lock here is a copy.
        drop(ours.take());
        0
    })
    .unwrap();
    joined(child);
    drop(ours);
    let (hear, say) = pipe();
    let (reader, writer) = pipe();
    let mut copy = Some(lock);
    let child = fork(|| {
        let mut lock = copy.take().unwrap();
        let guard = lock.exclusive(NEVER).unwrap();
        tell(&say, "held");
        next_of(&reader);
        drop(guard);
        0
    })
    .unwrap();
    let mut lock = copy.take().unwrap();
    assert_eq!(next_of(&hear), "held");
    assert_eq!(lock.exclusive(Deadline::Now).unwrap_err(), Error::TimedOut);
    tell(&writer, "release");
    drop(lock.exclusive(NEVER).unwrap());
    joined(child);
}

fn a_childs_copy_of_a_guard_releases_nothing() {
    let (_dir, path) = scratch();
    let mut lock = FileLock::open(&path).unwrap();
    let mut guard = Some(lock.exclusive(NEVER).unwrap());
    let child = fork(|| {
        drop(guard.take());
        0
    })
    .unwrap();
    joined(child);
    assert_eq!(free(&path), (false, false));
    drop(guard);
    assert_eq!(free(&path), (true, true));
}

fn other_descriptors_may_be_closed() {
    let (_dir, path) = scratch();
    let mut lock = FileLock::open(&path).unwrap();
    let _guard = lock.exclusive(NEVER).unwrap();
    // This is what drops a lock of F_SETLK.
    drop(File::open(&path).unwrap());
    assert_eq!(free(&path), (false, false));
}

fn a_classic_lock_is_seen() {
    let (_dir, path) = scratch();
    let mut lock = FileLock::open(&path).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    let whole =
        |kind| nix::libc::flock { l_type: kind, l_whence: 0, l_start: 0, l_len: 0, l_pid: 0 };
    let kind = i16::try_from(nix::libc::F_WRLCK).unwrap();
    let guard = lock.shared(NEVER).unwrap();
    let refused = fcntl(&file, FcntlArg::F_SETLK(&whole(kind)));
    assert_eq!(refused, Err(Errno::EAGAIN));
    drop(guard);
    fcntl(&file, FcntlArg::F_SETLK(&whole(kind))).unwrap();
    assert_eq!(lock.shared(Deadline::Now).unwrap_err(), Error::TimedOut);
}

fn what_cannot_be_opened_is_told() {
    let (dir, path) = scratch();
    let error = FileLock::open(dir.path().join("none/lock")).unwrap_err();
    assert_eq!(error.errno(), Errno::ENOENT);
    assert_eq!(FileLock::open(dir.path()).unwrap_err().errno(), Errno::EISDIR);
    let lock = FileLock::open(&path).unwrap();
    assert_eq!(fcntl(&lock, FcntlArg::F_GETFD).unwrap(), nix::libc::FD_CLOEXEC);
}
