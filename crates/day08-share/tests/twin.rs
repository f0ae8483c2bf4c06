//! The broken twins are broken in the way that they say.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn lock_order_ends_in_a_deadlock() {
    let done = Program::example("lock_order").run();
    done.succeeded();
    assert!(done.stdout.starts_with("two accounts, 2000 in all"), "{}", done.stdout);
    for part in [
        "transfers nothing moves any more\n",
        "  from-0-to-1: state S, in ",
        "  from-1-to-0: state S, in ",
        "  account 0: locked\n",
        "  account 1: locked\n",
    ] {
        assert!(done.stdout.contains(part), "{part} is not in\n{}", done.stdout);
    }
    // Where the system shows it at all.
    let shown = std::fs::read_to_string("/proc/self/syscall").is_ok();
    assert_eq!(done.stdout.matches("in futex\n").count(), if shown { 2 } else { 0 });
}

#[test]
fn guard_held_makes_four_threads_take_turns() {
    let done = Program::example("guard_held").run();
    done.succeeded();
    let took = done.stdout.rsplit_once(": ").unwrap().1;
    let took: u32 = took.strip_suffix(" ms\n").unwrap().parse().unwrap();
    assert!(took >= 400, "{took} ms");
}

#[test]
fn if_instead_of_while_finds_nothing() {
    let done = Program::example("if_instead_of_while").run();
    done.succeeded();
    let in_vain = done.stdout.strip_prefix("woken to an empty queue: ").unwrap();
    assert!(in_vain.starts_with(|digit: char| digit.is_ascii_digit() && digit != '0'));
    assert!(done.stdout.contains("two consumers got [None, "), "{}", done.stdout);
    assert!(done.stdout.contains("left in the queue: [2]"), "{}", done.stdout);
}
