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
fn dead_owner_keeps_its_lock_for_ever() {
    let next = "the next, in half a second: ETIMEDOUT";
    says("dead_owner", &["ends by SIGKILL", next, "after it, in half a second: ETIMEDOUT"]);
    says("dead_owner", &["the sum is 190"]);
}

#[test]
fn sem_posted_twice_lets_three_in() {
    says("sem_posted_twice", &["one leaves: 3 inside", "value 6; at once there were at most 3"]);
}
