//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn lost_wakeup_leaves_the_rest_in_the_socket() {
    let done = Program::example("lost_wakeup").run();
    done.succeeded();
    for part in ["got back 4096 bytes, and then nothing", "one more byte", "got back 4096 bytes\n"]
    {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}
