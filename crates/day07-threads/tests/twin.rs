//! The broken twin is broken in the way that it says.

use testkit::Program;

#[test]
fn detached_lost_saves_nothing_and_says_nothing() {
    let done = Program::example("detached_lost").run();
    done.succeeded();
    for part in [
        "3 threads have records to save\n",
        "main has returned, exit status: 0,",
        "handing in three records now: Broken pipe",
        "0 of 3 records saved\n",
    ] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}
