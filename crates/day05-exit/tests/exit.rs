//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::{self};

use nix::sys::signal::Signal;
use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day05-exit");

fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "return code 0 1 1 1",
        "code code 7 1 1 1",
        "error code 1 1 1 1 and a message",
        "exit code 7 1 0 0",
        "exit263 code 7 1 0 0",
        "_exit code 7 0 0 0",
        "panic code 101 1 1 1 and a message",
        "SIGTERM signal 15 0 0 0",
        "fork+return code 0 2 2 2",
        "fork+panic code 101 2 2 2 and a message",
        "fork+exit code 7 2 1 1",
        "fork+_exit code 7 1 1 1",
        "a program that stops half-way: exit status: 1",
        "bytes of its report in the file: 15, its lock is left behind: false",
    ]);
    assert_eq!(told, lesson());
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    let ignored = || Program::new(PROGRAM).ignoring(Signal::SIGCHLD);
    let done = ignored().run();
    done.succeeded();
    assert_eq!(Told::new(&done.stdout), lesson());
    let done = ignored().args(["end", "fork+exit"]).run();
    assert_eq!(done.status.code(), Some(7), "{done:?}");
    Program::example("exit_skips_drop").ignoring(Signal::SIGCHLD).run().succeeded();
}

#[test]
fn each_way_by_hand() {
    for (way, code) in [("return", 0), ("code", 7), ("exit263", 7), ("_exit", 7)] {
        let done = Program::new(PROGRAM).args(["end", way]).run();
        assert_eq!(done.status.code(), Some(code), "{way}: {done:?}");
    }
    Program::new(PROGRAM).args(["end", "error"]).run().failed(1, "this is the one sentence");
    let done = Program::new(PROGRAM).args(["end", "SIGTERM"]).run();
    assert_eq!((done.status.code(), done.signal()), (None, Some(15)));
}

#[test]
fn nothing_is_left_in_the_temporary_directory() {
    let dir = std::env::temp_dir().join(format!("exit-test-{}", std::process::id()));
    fs::create_dir(&dir).unwrap();
    Program::new(PROGRAM).env("TMPDIR", &dir).run().succeeded();
    Program::example("exit_skips_drop").env("TMPDIR", &dir).run().succeeded();
    // Fails unless it is empty.
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["leave"]).run().failed(2, "no role is called 'leave'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    Program::new(PROGRAM).args(["end"]).run().failed(2, "the end needs WAY");
    Program::new(PROGRAM).args(["end", "well"]).run().failed(2, "no way is called 'well'");
    Program::new(PROGRAM).args(["report", "/nowhere"]).run().failed(1, "No such file");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}
