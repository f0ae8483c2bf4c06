//! The broken twin is broken in the way that it says.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn shutdown_deadlock_waits_for_itself() {
    let done = Program::example("shutdown_deadlock").run();
    done.succeeded();
    let line = done.stdout.lines().find(|line| line.contains("stop has waited")).unwrap();
    let waited: u32 = line.split(' ').find_map(|word| word.parse().ok()).unwrap();
    assert!(waited >= 500 && line.ends_with("serving has ended: false"), "{}", done.stdout);
    assert!(done.stdout.ends_with("serving has ended: 1 client, 1 done\n"), "{}", done.stdout);
}
