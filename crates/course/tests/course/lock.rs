//! One command builds exercises at a time, and whoever waits is told so.

use std::fs::{self, File, TryLockError};

use nix::sys::signal::Signal;
use testkit::until;

use crate::fixture::{SOLUTION, Workspace};
use crate::start::two;

const WAITING: &str = "course: another course command is building here; waiting\n";

fn started() -> Workspace {
    let workspace = two();
    workspace.course(&["start", "first-one"]).run().succeeded();
    workspace.solve("first-one", SOLUTION);
    workspace
}

/// The lock, for this test to look at or to hold.
fn lock(workspace: &Workspace) -> File {
    let folder = workspace.path("target/course");
    fs::create_dir_all(&folder).expect("a folder");
    let mut options = File::options();
    options.create(true).append(true).open(folder.join("lock")).expect("a file")
}

#[test]
fn who_builds_waits_for_the_one_who_builds_already() {
    let workspace = started();
    for command in [&["check"][..], &["verify", "first-one"]] {
        let lock = lock(&workspace);
        lock.lock().expect("nobody has it");
        let waiting = workspace.course(command).spawn();
        until("it says that it waits", || (waiting.stderr() == WAITING).then_some(()));
        drop(lock);
        let done = waiting.wait();
        // What verify finds wrong is another matter; it has looked.
        assert!(done.stdout.contains("first-one"), "{done:#?}");
        assert_eq!(done.stderr, WAITING);
    }
}

#[test]
fn it_is_held_until_the_tests_have_ended_and_not_longer() {
    let workspace = started();
    let asleep = "pub fn answer() -> u32 { println!(\"asleep\"); loop { std::thread::park(); } }\n";
    workspace.solve("first-one", asleep);
    let lock = lock(&workspace);
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        let mut check = workspace.course(&["check"]).spawn();
        check.line("asleep");
        assert!(matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
        let second = workspace.course(&["check"]).spawn();
        until("it says that it waits", || (second.stderr() == WAITING).then_some(()));
        second.signal(Signal::SIGINT);
        assert_eq!(second.wait().signal(), Some(Signal::SIGINT as i32));
        check.signal(signal);
        until("it is free", || lock.try_lock().ok());
        lock.unlock().expect("it is ours");
        drop(check);
    }
}

#[test]
fn what_builds_nothing_does_not_wait() {
    let workspace = started();
    let lock = lock(&workspace);
    lock.lock().expect("nobody has it");
    for command in [&[][..], &["start", "second"], &["hint"], &["reset", "second-one"]] {
        workspace.course(command).run().succeeded();
    }
}

/// A folder that cannot be written to has its own sentence, from cargo, if it has to.
#[test]
fn without_a_place_for_it_there_is_none() {
    let workspace = started();
    fs::create_dir_all(workspace.path("target")).expect("a folder");
    fs::write(workspace.path("target/course"), "a file").expect("a file");
    workspace.course(&["check"]).run().succeeded();
}
