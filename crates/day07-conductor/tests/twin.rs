//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn keys_reach_both_and_the_first_one_ends_the_driver() {
    for (role, fact) in
        [(&[][..], "what it sees of the driver: SIGINT\n"), (&["kill"], "the driver: SIGINT\n")]
    {
        let done = Program::example("keys_reach_both").args(role).run();
        done.succeeded();
        assert!(done.stdout.contains("  ^C  no answer: both have gone\n"), "{}", done.stdout);
        assert!(done.stdout.ends_with(fact), "{}", done.stdout);
    }
}
