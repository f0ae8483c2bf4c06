//! The verdict on an exercise: its words, its status, and what is remembered.

use std::fs;

use testkit::pty::Pty;
use testkit::{Program, skip};

use crate::fixture::SOLUTION;
use crate::start::two;

#[test]
fn only_a_pass_is_a_success_and_each_is_remembered() {
    let workspace = two();
    workspace.set_progress("of another version \u{1f980}\ndemo day04-tiny\n");
    workspace.course(&["start"]).run().succeeded();
    let todo = workspace.course(&["check"]).run();
    assert_eq!(todo.status.code(), Some(1));
    let sentence = "first-one does not pass yet. For a hint: cargo course hint first-one\n";
    assert!(todo.stdout.ends_with(sentence), "{todo:#?}");
    assert!(todo.stderr.contains("not yet implemented: think"), "{todo:#?}");
    let before = "of another version \u{1f980}\ndemo day04-tiny\nexercise first-one tries ";
    assert_eq!(workspace.progress(), format!("{before}1\n"));

    workspace.solve("first-one", "pub fn answer() -> u32 { nonsense }\n");
    let broken = workspace.course(&["check", "first-one"]).run();
    assert_eq!(broken.status.code(), Some(1));
    assert!(broken.stderr.contains("cannot find value `nonsense`"), "{broken:#?}");
    let sentence = "first-one does not compile. Begin with the first of the errors above.\n";
    assert!(broken.stdout.ends_with(sentence), "{broken:#?}");

    workspace.solve("first-one", SOLUTION);
    let pass = workspace.course(&["check"]).run();
    pass.succeeded();
    assert!(pass.stdout.starts_with("all tests passed\n\nfirst-one passes.\n"), "{pass:#?}");
    assert!(pass.stdout.ends_with("Next, 30 min:\n  cargo course start second-one\n"), "{pass:#?}");
    assert_eq!(workspace.progress(), format!("{before}2\nexercise first-one pass\n"));
    let brief = workspace.course(&["check", "--brief"]).run();
    assert_eq!(brief.stdout, "all tests passed\n\nfirst-one passes.\n");
}

#[test]
fn what_cargo_cannot_do_is_no_fault_of_the_learners() {
    let workspace = two();
    workspace.course(&["start", "first-one"]).run().succeeded();
    workspace.solve("first-one", SOLUTION);
    let sentence =
        "course: cargo cannot build first-one, for a reason of its own, which stands above";
    // It cannot even begin, or a compiler that it has started cannot go on.
    fs::write(workspace.path("target"), "a file").unwrap();
    let check = || workspace.course(&["check"]);
    let unable = |check: Program, why: &str| {
        let done = check.run();
        assert_eq!((done.status.code(), done.stdout.as_str()), (Some(1), ""), "{done:#?}");
        assert!(done.stderr.contains(why) && done.stderr.contains(sentence), "{done:#?}");
    };
    unable(check(), "Not a directory");
    fs::remove_file(workspace.path("target")).unwrap();
    unable(check().env("RUSTFLAGS", "-Clinker=/bin/false"), "linking with `/bin/false` failed");
    assert_eq!(workspace.progress(), "", "that was no try");
    check().run().succeeded();
}

#[test]
fn what_the_compiler_says_is_said_once() {
    let workspace = two();
    workspace.course(&["start", "first-one"]).run().succeeded();
    workspace.solve("first-one", "pub fn answer() -> u32 {\n    let (a, b) = (1, 2);\n    42\n}\n");
    let warned = workspace.course(&["check"]).run();
    assert!(warned.status.success(), "{warned:#?}");
    assert_eq!(warned.stderr.matches("unused variable: `a`").count(), 1, "{warned:#?}");
    assert!(!warned.stderr.contains("emitted") && !warned.stderr.contains('\x1b'), "{warned:#?}");
    workspace.solve("first-one", "pub fn answer() -> u32 { nonsense }\n");
    let broken = workspace.course(&["check"]).run();
    assert_eq!(broken.stderr.matches("cannot find value `nonsense`").count(), 1, "{broken:#?}");
    assert!(!broken.stderr.contains("aborting due to"), "{broken:#?}");
}

#[test]
fn what_is_not_started_is_said() {
    let workspace = two();
    workspace.course(&["check"]).run().failed(1, "nothing is started (try: cargo course start)");
    let sentence = "first-one is not started (try: cargo course start first-one)";
    workspace.course(&["check", "first-one"]).run().failed(1, sentence);
}

#[test]
fn the_one_that_was_saved_last_is_meant_and_inside_a_folder_that_one() {
    let workspace = two();
    workspace.course(&["start", "4"]).run().succeeded();
    let meant = |folder: &str| {
        let check = workspace.course(&["check", "--brief"]).in_dir(&workspace.path(folder)).run();
        check.stdout.lines().last().unwrap_or_default().split(' ').next().unwrap().to_owned()
    };
    assert_eq!(meant("."), "first-one");
    workspace.solve("second-one", "pub fn answer() -> u32 { 0 }\n");
    assert_eq!(meant("."), "second-one");
    assert_eq!(meant("work/day04/first-one/src"), "first-one");
    workspace.solve("second-one", SOLUTION);
    assert_eq!(meant("."), "second-one");
    assert_eq!(meant("."), "first-one");
}

#[test]
fn tests_that_were_changed_are_the_courses_again_and_kept() {
    let workspace = two();
    workspace.course(&["start"]).run().succeeded();
    let tests = workspace.path("work/day04/first-one/tests/check.rs");
    fs::write(&tests, "fn main() {}").unwrap();
    let check = workspace.course(&["check"]).run();
    assert_eq!(check.status.code(), Some(1));
    let sentence = "course: work/day04/first-one/tests/check.rs was not the course's own: \
        that is in place again, the other in work/backup/first-one-1\n";
    assert!(check.stderr.starts_with(sentence), "{check:#?}");
    let kept = workspace.path("work/backup/first-one-1/tests/check.rs");
    assert_eq!(fs::read_to_string(kept).unwrap(), "fn main() {}");
    assert!(fs::read_to_string(tests).unwrap().contains("all tests passed"));
}

#[test]
fn ctrl_c_is_no_verdict() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = two();
    workspace.course(&["start"]).run().succeeded();
    let asleep = "pub fn answer() -> u32 { println!(\"asleep\"); loop { std::thread::park(); } }\n";
    workspace.solve("first-one", asleep);
    let mut check = pty.attach(workspace.course(&["check"])).unwrap().spawn();
    check.line("asleep");
    pty.press("\x03").unwrap();
    let check = check.wait();
    assert_eq!((check.status.code(), check.stdout.as_str()), (Some(130), "asleep\n"));
    assert_eq!(workspace.progress(), "");
}
