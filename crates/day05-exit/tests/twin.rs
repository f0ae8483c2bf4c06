//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn exit_skips_drop_loses_the_text_and_keeps_the_lock() {
    let done = Program::example("exit_skips_drop").run();
    done.succeeded();
    let told = done.stdout;
    assert!(told.contains("stops half-way: exit status: 1"), "{told}");
    assert!(told.contains("in the file: 0, its lock is left behind: true"), "{told}");
}
