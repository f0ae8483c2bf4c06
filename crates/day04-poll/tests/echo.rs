//! The demo as its users meet it.

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-poll");

testkit::echo_suite!(PROGRAM);

/// The table is the same on every run and every machine.
#[test]
fn every_answer_of_poll() {
    let done = Program::new(PROGRAM).args(["cases"]).run();
    done.succeeded();
    for (situation, answer) in [
        ("an idle stream", "POLLOUT"),
        ("a byte has come", "POLLIN"),
        ("a byte has come, and the peer has gone", "POLLIN | POLLHUP"),
        ("the same, and nothing was asked for", "POLLHUP"),
        ("a pipe without a writer", "POLLHUP"),
        ("a pipe without a reader", "POLLOUT | POLLERR"),
        ("a TCP peer that has ended its side", "POLLIN"),
        ("a TCP peer that has reset", "POLLIN | POLLERR | POLLHUP"),
        ("an urgent byte", "POLLPRI"),
        ("a regular file, always ready", "POLLIN | POLLOUT"),
        ("a closed descriptor", "POLLNVAL"),
    ] {
        let mut lines = done.stdout.lines();
        let found = lines.any(|l| {
            l.starts_with(&format!("{situation:<40}")) && l.ends_with(&format!("→ {answer}"))
        });
        assert!(found, "{situation} → {answer} is not in\n{}", done.stdout);
    }
}
