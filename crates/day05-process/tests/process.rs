//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::File;
use std::io;

use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day05-process");

/// Without the pids and the times.
fn lesson() -> Told {
    let differs = |line: &str| line.starts_with("steps:") || line.contains(" us, a thread ");
    Told::by(Program::new(PROGRAM)).without(differs)
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "the child knows its parent and what the closure took along: true",
        "Process-1 has ended with code 0",
        "joined Process-2: code 0",
        "joined Process-3: code 0",
        "names: this is MainProcess, the child says: I am copier, my child is Process-4:1",
        "the handle says copier, /proc says copier",
        "alive: true",
        "alive after join: false",
        "after 20 ms: not yet",
        "without a limit: code 0, asked again: code 0",
        "returns 0 0",
        "returns 263 7",
        "calls exit(3) 3",
        "panics 101",
        "SIGTERM -15",
        "SIGKILL -9",
        "terminated: SIGTERM; a signal to it now: nothing happens",
        "clock: tick 1",
        "clock: tick 3",
        "the parent returns (code 0); its child, daemon false: goes on",
        "the parent returns (code 0); its child, daemon true: SIGKILL",
        "the parent is killed (SIGKILL); its child, daemon false: goes on",
        "the parent is killed (SIGKILL); its child, daemon true: SIGKILL",
        "a daemon joined: after 100 ms not yet, then SIGTERM",
        "the child has added up 1 to 100: exit code 0, total 5050",
        "the process costs more: true",
    ]);
    assert_eq!(told, lesson());
}

#[test]
fn the_pids_are_those_that_the_outside_sees() {
    let mut running = Program::new(PROGRAM).spawn();
    let pid = running.pid();
    let line = running.line("it has started");
    assert!(line.starts_with(&format!("steps: this is process {pid}, ")), "{line}");
    running.wait().succeeded();
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["child"]).run().failed(2, "no role is called 'child'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}

#[test]
fn a_closed_output_is_no_failure_and_a_full_disk_is_one() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    Program::new(PROGRAM).stdout(writer).run().succeeded();
    let full = File::options().write(true).open("/dev/full").unwrap();
    Program::new(PROGRAM).stdout(full).run().failed(1, "No space left on device");
    // The reader goes in the middle: whoever writes first finds out, and that may be a child.
    let head = "\"$0\" | head -8 | tail -1; exit ${PIPESTATUS[0]}";
    let done = Program::new("bash").args(["-c", head, PROGRAM]).run();
    done.succeeded();
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).max_files(16).run().succeeded();
}
