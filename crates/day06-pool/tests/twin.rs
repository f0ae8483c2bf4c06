//! The broken twin is broken in the way that it says.

use std::time::{Duration, Instant};

use testkit::Program;

#[test]
fn worker_dies_waits_for_an_answer_that_never_comes() {
    let start = Instant::now();
    let done = Program::example("worker_dies").run();
    done.succeeded();
    assert!(start.elapsed() >= Duration::from_millis(500), "it has waited for nothing");
    let lines: Vec<&str> = done.stdout.lines().map(str::trim).collect();
    assert_eq!(lines[0], "5 answers, and for 500 ms none: 1 still to come");
    assert_eq!(lines[2], "answered [1, 2, 4, 5, 6], lost [3], workers killed: 1");
}
