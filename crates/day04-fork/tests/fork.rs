//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::{self};

use nix::sys::signal::Signal;
use testkit::lesson::Told;
use testkit::{Program, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-fork");

fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "before fork 1, behind it 2: the two wrote 122",
        "parent: first",
        "child: second, it waited for the end of the pipe",
        "child: a was 1, is 10000; parent: a is 1; the same address: true",
        "at first: shared with the parent 8, its own 0",
        "4 MiB written to: shared with the parent 4, its own 4",
        "the parent's bytes are as they were: true",
        "printed once before fork, in the pipe: 1 times, 20 bytes",
        "the first 4 bytes of a file: child 0123, parent 0123",
        "the child has moved to 6, the parent is at 6",
        "threads: parent 2, child 1",
    ]);
    // The first two lines have pids in them.
    assert!(told[1].ends_with("its own pid and its parent's: true"), "{told:?}");
    assert_eq!(told[2..], lesson()[2..]);
}

#[test]
fn fork_fails_where_no_process_is_left() {
    let told = lesson();
    let answer = told.iter().find_map(|l| l.strip_prefix("fork where no process is left: "));
    match answer.unwrap() {
        "Err(EAGAIN)" => {}
        "Ok, this machine has no such limit" => skip!("RLIMIT_NPROC does not hold for this user"),
        other => panic!("{other}"),
    }
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    let done = Program::new(PROGRAM).ignoring(Signal::SIGCHLD).run();
    done.succeeded();
    assert_eq!(Told::new(&done.stdout)[2..], lesson()[2..]);
    for role in ["print", "threads"] {
        Program::new(PROGRAM).args([role]).ignoring(Signal::SIGCHLD).run().succeeded();
    }
    for twin in ["double_output", "shared_offset"] {
        Program::example(twin).ignoring(Signal::SIGCHLD).run().succeeded();
    }
}

#[test]
fn the_pids_are_those_that_the_outside_sees() {
    let mut running = Program::new(PROGRAM).spawn();
    let pid = running.pid();
    let line = running.line("fork gave it");
    assert!(line.starts_with(&format!("this is process {pid};")), "{line}");
    running.wait().succeeded();
}

#[test]
fn each_line_is_written_once() {
    let done = Program::new(PROGRAM).args(["print"]).run();
    done.succeeded();
    assert_eq!(done.stdout, "before child\nparent\n");
    let told = lesson();
    for line in told.iter() {
        assert_eq!(told.iter().filter(|other| *other == line).count(), 1, "{line}");
    }
}

#[test]
fn nothing_is_left_in_the_temporary_directory() {
    let dir = std::env::temp_dir().join(format!("fork-test-{}", std::process::id()));
    fs::create_dir(&dir).unwrap();
    Program::new(PROGRAM).env("TMPDIR", &dir).run().succeeded();
    // Fails unless it is empty.
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["spoon"]).run().failed(2, "no role is called 'spoon'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
    let missing = Program::new(PROGRAM).env("TMPDIR", "/nowhere").run();
    assert_eq!(missing.status.code(), Some(1), "{missing:?}");
}
