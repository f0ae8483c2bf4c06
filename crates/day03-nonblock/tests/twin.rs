//! The broken twins are broken in the way that they say.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn busy_accept_eats_a_processor() {
    let done = Program::example("busy_accept").run();
    done.succeeded();
    let used = |kind: &str| -> u32 {
        let line = done.stdout.lines().find_map(|line| line.strip_prefix(kind)).unwrap();
        line.split(' ').next().unwrap().parse().unwrap()
    };
    let (blocking, spinning) = (used("blocking: "), used("non-blocking: "));
    // It gets what the machine has to spare: among a hundred others that spin, 10 of 500 ms.
    assert!(spinning > 10 && spinning > 5 * blocking, "{blocking} ms and {spinning} ms");
}

#[test]
fn timeout_per_read_never_ends_a_drip() {
    let done = Program::example("timeout_per_read").run();
    done.succeeded();
    let line = done.stdout.lines().find(|line| line.contains("a byte every 250 ms")).unwrap();
    assert!(line.ends_with("whole, more than twice the limit: true"), "{line}");
}
