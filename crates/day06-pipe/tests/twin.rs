//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn unused_end_open_never_sees_the_end() {
    let done = Program::example("unused_end_open").run();
    done.succeeded();
    let told = done.stdout.as_str();
    assert!(told.contains("the parent has written 5 bytes and closed: 0\n"), "{told}");
    assert!(told.contains("5 bytes, 1 write end here, no end within 100 ms\n"), "{told}");
}
