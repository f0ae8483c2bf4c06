//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn shared_offset_copy_never_writes_the_first_half() {
    let done = Program::example("shared_offset_copy").run();
    done.succeeded();
    let told = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(" 0 0 true 0 1 1 true 0 2 2 false 1 3 3 false 1 "), "{told}");
    assert!(told.contains(" 200001 200001 false 100000 "), "{told}");
    assert!(told.contains("missing at the end: success"), "{told}");
}
