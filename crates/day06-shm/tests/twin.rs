//! The broken twins are broken in the way that they say.

use testkit::Program;

#[test]
fn lost_update_counts_two_visitors_for_one() {
    let done = Program::example("lost_update").run();
    done.succeeded();
    let told = done.stdout;
    assert!(told.contains("two doors, one visitor at each: counted 1 of 2\n"), "{told}");
}

#[test]
fn segment_left_leaves_a_segment_that_is_removed_by_hand() {
    let running = Program::example("segment_left").spawn();
    let ours = format!("day06-shm-{}-", running.pid());
    let done = running.wait();
    done.succeeded();
    let told = done.stdout;
    for part in [
        "it has ended (exit status: 0); in /dev/shm:",
        "its segment, 8 bytes, and nobody uses it; it holds 42",
        "after shm_unlink: nothing",
    ] {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    let Ok(mut folder) = std::fs::read_dir("/dev/shm") else { return };
    let left = folder.any(|entry| {
        entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(&ours))
    });
    assert!(!left, "it was not removed");
}
