//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day06-pool");

/// Without the line that shows pids.
fn lesson() -> Told {
    let pids = |line: &str| line.starts_with("ten tasks of 50 ms, workers");
    Told::by(Program::new(PROGRAM)).without(pids)
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "results [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]",
        "processes that did them: 4, all of the pool: true",
        "apply 2^10: 1024",
        "submit, asked after 20 ms: the task has no result yet",
        "map, in the order of the tasks: [1, 4, 9, 16, 25, 36, 49, 64]",
        "submit, told to end: 0",
        "submit, asked again: the result of the task was already taken",
        "imap_unordered: first [1, 8, 27], then Some(0)",
        "100 / 7: Ok(14)",
        "100 / 0: Err(\"division by zero\")",
        "a panic: the task panicked: on purpose",
        "the worker is the same: true",
        "in a map: Ok(100)",
        "in a map: the worker ended in the middle of the task: SIGKILL",
        "in a map: Ok(50)",
        "in a map: Ok(25)",
        "the worker is the same: false, a new one works: true",
        "close and join: 1000 of 1000 tasks are done",
        "terminate, two of 1000 were running: 1000 are told at once",
        "workers that are gone after join: 2 of 2",
        "answered [1, 2, 4, 5, 6], lost [3], workers killed: 1",
    ]);
    let rounds = told.iter().find(|line| line.starts_with("they took 3 rounds or more: true"));
    assert!(rounds.is_some(), "{told:?}");
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["worker"]).run().failed(2, "no role is called 'worker'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}

#[test]
fn few_descriptors_are_enough() {
    Program::new(PROGRAM).max_files(24).run().succeeded();
}
