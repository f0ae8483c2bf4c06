//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::{self};

use nix::sys::signal::Signal;
use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day05-halves");

fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "opened before the fork 4",
        "opened anew in the child 0",
        "pread, opened before 0",
        "0 0 true 0",
        "1 1 true 0",
        "2 2 true 0",
        "3 3 true 0",
        "200001 200001 true 0",
        "a byte is missing at the end: the second half: I/O error",
        "drawer: is a file: false, size -",
        "letter: is a file: true, size 6",
        "letter exists: true; removed, it exists: false; once more: Err(NotFound)",
    ]);
    let big = told.iter().find(|line| line.starts_with("a file with a hole: ")).unwrap();
    if big.contains("no file of") {
        testkit::skip!("{big}");
    }
    let right = "5368709121 bytes, equal in the middle and at the end: true";
    assert!(big.contains(right), "{big}");
    assert_eq!(told, lesson());
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    let done = Program::new(PROGRAM).ignoring(Signal::SIGCHLD).run();
    done.succeeded();
    assert_eq!(Told::new(&done.stdout), lesson());
    Program::example("shared_offset_copy").ignoring(Signal::SIGCHLD).run().succeeded();
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("from"), "text").unwrap();
    let copy = Program::new(PROGRAM).args(["copy", "from", "to"]).in_dir(dir.path());
    copy.ignoring(Signal::SIGCHLD).run().succeeded();
    assert_eq!(fs::read(dir.path().join("to")).unwrap(), b"text");
}

#[test]
fn copies_what_it_is_given() {
    let dir = tempfile::tempdir().unwrap();
    for size in [0, 1, 2, 65_536, 65_537, 300_001] {
        let (from, to) = (dir.path().join("from"), dir.path().join(size.to_string()));
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
        fs::write(&from, &bytes).unwrap();
        let done = Program::new(PROGRAM).args(["copy", "from", &size.to_string()]);
        let done = done.in_dir(dir.path()).run();
        done.succeeded();
        assert_eq!(done.stdout, format!("{size} bytes\n"));
        assert!(fs::read(to).unwrap() == bytes, "{size} bytes");
    }
}

#[test]
fn what_cannot_be_copied_is_one_sentence_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "text").unwrap();
    let copy = |from: &str, to: &str| {
        Program::new(PROGRAM).args(["copy", from, to]).in_dir(dir.path()).run()
    };
    copy("none", "b").failed(1, "none: No such file or directory");
    copy(".", "b").failed(1, ".: not a regular file");
    copy("/dev/full", "b").failed(1, "/dev/full: not a regular file");
    copy("a", "a").failed(1, "a: File exists");
    copy("a", "none/b").failed(1, "none/b: No such file or directory");
    // A file of /proc says that it has 0 bytes: what it says is what is copied.
    copy("/proc/self/stat", "b").succeeded();
    assert_eq!(fs::read(dir.path().join("b")).unwrap(), b"");
    assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"text");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn a_copy_that_fails_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let from = dir.path().join("from");
    // A limit on the size of files: whoever exceeds it gets EFBIG.
    fs::write(&from, vec![b'.'; 8192]).unwrap();
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" copy from to";
    let done = Program::new("sh").args(["-c", script, PROGRAM]).in_dir(dir.path()).run();
    done.failed(1, "File too large");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn nothing_is_left_in_the_temporary_directory() {
    let dir = tempfile::tempdir().unwrap();
    Program::new(PROGRAM).env("TMPDIR", dir.path()).run().succeeded();
    Program::example("shared_offset_copy").env("TMPDIR", dir.path()).run().succeeded();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let nowhere = dir.path().join("none");
    Program::new(PROGRAM).env("TMPDIR", nowhere).run().failed(1, "No such file");
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["move"]).run().failed(2, "no role is called 'move'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    Program::new(PROGRAM).args(["copy", "a"]).run().failed(2, "the copy needs TO");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("copy FROM TO"), "{}", help.stdout);
}
