//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn forgotten_sets_hears_nobody() {
    let done = Program::example("forgotten_sets").run();
    done.succeeded();
    assert!(done.stdout.contains("after a second nothing has been logged"), "{}", done.stdout);
    assert!(done.stdout.contains("bob is greeted"), "{}", done.stdout);
}
