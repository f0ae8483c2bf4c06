//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use nix::sys::signal::Signal;
use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day05-wait");

/// Process ids are taken for P.
fn lesson_of(program: Program) -> Told {
    let word = |word: &str| match word.split_once("Pid(") {
        Some((before, rest)) => format!("{before}P{}", rest.trim_start_matches(char::is_numeric)),
        None => word.to_owned(),
    };
    let line = |line: &String| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    Told(Told::by(program).0.iter().map(line).collect())
}

fn lesson() -> Told {
    lesson_of(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "orphan: its parent is the child that started it",
        "that one ends: Exited(P), 0); now its parent is this program",
        "and this program can collect it: Exited(P), 7)",
        "zombie: state Z, its command line has 0 bytes",
        "SIGKILL: Ok(()), state Z",
        "waitpid: Exited(P), 3), then state -, a signal to it: Err(ESRCH)",
        "5 jobs, 5 children have ended, 0 zombies in /proc",
        "not ended 0 0 still running",
        "exit 0 0 0 success",
        "exit 3 768 3 failed with 3",
        "exit 263 1792 7 failed with 7",
        "SIGTERM 15 0 killed by SIGTERM",
        "SIGKILL 9 0 killed by SIGKILL",
        "wait: the second child ends first and is reported first: true",
        "waitpid: the second child ends first, the first is asked for first: true",
        "waitpid(-1, WNOHANG), two run StillAlive",
        "waitpid(-1, WNOHANG), one has ended exit 5, StillAlive",
        "waitpid(-1, WNOHANG), both have exit 6, ECHILD",
        "our reaper has collected 1; somebody else's wait: exit status: 0",
        "double fork: the middle child: Exited(P), 0)",
        "the grandchild works on: StillAlive",
        "adopted by this subreaper: true",
        "in our session: false, leader of its own: false",
        "its end goes to whoever has adopted it: Exited(P), 5)",
        "SIGCHLD ignored: wait: Err(ECHILD), the state of the child: -",
        "a Command's status: Err(Some(10))",
        "SIGCHLD back at its default: Exited(P), 5)",
    ]);
    assert_eq!(told, lesson());
}

#[test]
fn started_with_sigchld_ignored_it_sees_the_same() {
    assert_eq!(lesson_of(Program::new(PROGRAM).ignoring(Signal::SIGCHLD)), lesson());
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
fn few_descriptors_are_enough() {
    // Every line is closed again when its child has ended.
    Program::new(PROGRAM).max_files(16).run().succeeded();
}
