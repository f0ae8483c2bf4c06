//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn qsize_then_get_waits_for_a_message_that_it_has_seen() {
    let done = Program::example("qsize_then_get").run();
    done.succeeded();
    let told = done.stdout.as_str();
    assert!(told.contains("A has seen 1 and gets the message\n"), "{told}");
    assert!(told.contains("B has seen 1 and waits: 100 ms, nothing came, there are 0\n"), "{told}");
}
