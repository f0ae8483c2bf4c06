//! What every demo must stand: to be run without an input, into a pipe whose reader has gone, onto
//! a full disk; and to leave nothing behind. And what it has told, in lines that can be compared.
//!
//! A test binary of its own, `tests/whole.rs`, holds the one line
//! `testkit::whole_lesson!(env!("CARGO_BIN_EXE_day05-wait"));`.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is a failed test")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Program, proc, until};

/// A lesson takes a few seconds; this is what a machine with other work may make of them.
const LIMIT: Duration = Duration::from_secs(40);

/// Makes the tests of a demo's whole lesson.
#[macro_export]
macro_rules! whole_lesson {
    ($program:expr) => {
        $crate::whole_lesson!(@tests $program;
            it_ends_without_an_input_and_leaves_nothing_behind,
            a_closed_output_is_no_failure, a_full_disk_is_one);
    };
    (@tests $program:expr; $($case:ident),+) => {
        $(#[test] fn $case() { $crate::lesson::$case($program); })+
    };
}

/// `cargo run … <&-`
pub fn it_ends_without_an_input_and_leaves_nothing_behind(program: &str) {
    leaves_nothing_behind(Program::new(program).without_stdin());
}

/// No file and no IPC object stays, and no process, not even one that has made itself a session
/// of its own.
pub fn leaves_nothing_behind(lesson: Program) {
    let place = Scratch::new();
    let before = ipc_objects();
    let mark = format!("{}", place.0.display());
    lesson.limit(LIMIT).in_dir(&place.0).env("TMPDIR", &mark).run().succeeded();
    assert_eq!(entries(&place.0), BTreeSet::new(), "left in its temporary directory");
    // The other tests of this binary run the same lesson at the same time; theirs go by themselves.
    until("all IPC objects are gone", || ipc_objects().is_subset(&before).then_some(()));
    let marked = format!("TMPDIR={mark}");
    until("all processes have ended", || {
        let has_mark = |pid: &u32| {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.split(|&byte| byte == 0).any(|entry| entry == marked.as_bytes())
        };
        (!proc::pids().iter().any(has_mark)).then_some(())
    });
}

/// `cargo run … | head -1`
pub fn a_closed_output_is_no_failure(program: &str) {
    into_nobodys_pipe(Program::new(program));
}

/// `cargo run … > /dev/full`
pub fn a_full_disk_is_one(program: &str) {
    onto_a_full_disk(Program::new(program));
}

/// A role whose reader has gone ends well: nobody wants to know more.
#[track_caller]
pub fn into_nobodys_pipe(role: Program) {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    role.limit(LIMIT).stdout(writer).run().succeeded();
}

/// A role that cannot say what it has to say fails, and says why.
#[track_caller]
pub fn onto_a_full_disk(role: Program) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    role.limit(LIMIT).stdout(full).run().failed(1, "No space left on device");
}

/// What a program has told, in lines with one blank between words: a table is no narrower for a
/// short number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told(pub Vec<String>);

impl Told {
    /// By a program that ends well.
    #[track_caller]
    pub fn by(program: Program) -> Self {
        let done = program.run();
        done.succeeded();
        Self::new(&done.stdout)
    }

    /// In this text.
    pub fn new(text: &str) -> Self {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(text.lines().map(words).collect())
    }

    /// Without the lines that are others on each run, because they show pids or times.
    #[must_use]
    pub fn without(mut self, differs: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|line| !differs(line));
        self
    }

    /// Each of these is one of its lines.
    #[track_caller]
    pub fn says<const N: usize>(&self, lines: [&str; N]) {
        for wanted in lines {
            assert!(self.iter().any(|line| line == wanted), "{wanted:?} is not in {self:#?}");
        }
    }
}

impl Deref for Told {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

/// POSIX shared memory and message queues (shm_overview(7), mq_overview(7)) by their names.
/// Where the latter are not mounted, nobody can see them.
fn ipc_objects() -> BTreeSet<PathBuf> {
    [Path::new("/dev/shm"), Path::new("/dev/mqueue")].into_iter().flat_map(entries).collect()
}

fn entries(folder: &Path) -> BTreeSet<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// A directory that nobody else uses. (A crate for this would be built for every demo's tests.)
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let name = format!("nine-days-whole-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A failure of the test shall be seen, not one of the cleaning behind it.
        let _ = fs::remove_dir_all(&self.0);
    }
}
