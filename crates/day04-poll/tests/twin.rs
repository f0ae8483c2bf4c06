//! The broken twin is broken in the way that it says.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

#[test]
fn hup_spin_eats_a_processor() {
    let done = Program::example("hup_spin").run();
    done.succeeded();
    let used = |when: &str| -> u32 {
        let line = done.stdout.lines().find_map(|line| line.strip_prefix(when)).unwrap();
        line.split(' ').next().unwrap().parse().unwrap()
    };
    let (silent, vanished) =
        (used("while the client is silent: "), used("after it has vanished with a RST: "));
    // It gets what the machine has to spare: under load much less than the whole half second.
    assert!(vanished >= 10 && vanished > 3 * silent, "{silent} ms and {vanished} ms");
}
