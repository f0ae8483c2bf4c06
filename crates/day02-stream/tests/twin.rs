//! The broken twin is broken in the way that it says.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn write_ignored_loses_bytes_and_reports_success() {
    let done = Program::example("write_ignored").run();
    done.succeeded();
    let number = |before: &str| -> u64 {
        let line = done.stdout.lines().find_map(|line| line.strip_prefix(before)).unwrap();
        line.split(' ').next().unwrap().parse().unwrap()
    };
    let (sent, received) = (number("the sender: "), number("the receiver: "));
    assert_eq!(sent, 4 << 20);
    assert!(received < sent, "{}", done.stdout);
    assert_eq!(number("lost: "), sent - received);
    assert!(number("the first ") < received, "the hole is in the middle: {}", done.stdout);
}
