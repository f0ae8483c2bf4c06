//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn child_memory_leaves_the_sum_with_the_child() {
    let done = Program::example("child_memory").run();
    done.succeeded();
    assert_eq!(done.stdout, "the child has added up 1 to 100: exit code 50, total 0\n");
}
