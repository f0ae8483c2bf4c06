//! The broken twins are broken in the way that they say.

use testkit::Program;

#[track_caller]
fn says(twin: &str, parts: &[&str]) {
    let done = Program::example(twin).run();
    done.succeeded();
    for part in parts {
        assert!(done.stdout.contains(part), "{part:?} is not in {}", done.stdout);
    }
}

#[test]
fn pause_race_waits_for_a_signal_that_has_come() {
    says("pause_race", &["handled true; waits on, until it is ended by SIGALRM\n"]);
}

#[test]
fn handler_locks_waits_for_itself() {
    says("handler_locks", &["its only thread sleeps (S) in futex", "end: SIGKILL\n"]);
}

#[test]
fn count_signals_counts_one_of_five() {
    says("count_signals", &["5 events: 1 counted, their values [1]\n"]);
}
