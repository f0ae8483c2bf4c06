//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn split_on_blanks_takes_a_part_of_the_name_for_the_state() {
    let done = Program::example("split_on_blanks").run();
    done.succeeded();
    let told = done.stdout;
    assert_eq!(told.matches("is in state S (sleeping), child of").count(), 3, "{told}");
    for wrong in ["name 'two', state words), parent S", "name 'a', state R, parent (b)"] {
        assert!(told.contains(wrong), "{told}");
    }
    // Plain names are read right: that is why nobody notices.
    assert!(told.contains("name 'plain', state S, parent "), "{told}");
}
