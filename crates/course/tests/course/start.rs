//! Exercises into `work/`: what is put there, what is said, and what is never touched.

use std::fs;
use std::process::Command;

use crate::fixture::{STARTER, Workspace};

pub(crate) fn two() -> Workspace {
    Workspace::new()
        .with("day04-tiny", 4, "4.01")
        .with_exercise("first-one", 4)
        .with_exercise("second-one", 4)
}

#[test]
fn it_says_which_file_to_edit_and_what_comes_then() {
    let workspace = two();
    let start = workspace.course(&["start"]).run();
    start.succeeded();
    let expected = "\
first-one (day 4, 30 min): the answer of first-one.
  read  work/day04/first-one/README.md
  edit  work/day04/first-one/src/lib.rs
Then: cargo course watch
In an editor open the folder work, which is a workspace of its own.
";
    assert_eq!(start.stdout, expected);
    assert_eq!(fs::read_to_string(workspace.source("first-one")).unwrap(), STARTER);
    for hidden in ["solution", "traps", "hints.md"] {
        assert!(!workspace.path("work/day04/first-one").join(hidden).exists(), "{hidden}");
    }
    let next = workspace.course(&["start"]).run();
    assert!(next.stdout.starts_with("second-one (day 4"), "{}", next.stdout);
    workspace.set_progress("exercise first-one pass\nexercise second-one gave-up\n");
    workspace.course(&["start"]).run().failed(1, "course: every exercise has passed");
}

#[test]
fn a_day_or_a_part_of_a_name_will_do() {
    for day in ["4", "day04"] {
        let workspace = two().with_exercise("later", 5);
        let start = workspace.course(&["start", day]).run();
        start.succeeded();
        assert!(start.stdout.contains("first-one") && start.stdout.contains("second-one"));
        assert!(!workspace.path("work/day05").exists());
    }
    let workspace = two();
    workspace.course(&["start", "sec"]).run().succeeded();
    assert!(workspace.source("second-one").exists());
    workspace.course(&["start", "5"]).run().failed(1, "course: 5 has no exercise yet");
    let near =
        "no exercise is called 'frist-one'; did you mean 'first-one'? (try: cargo course list)";
    workspace.course(&["start", "frist-one"]).run().failed(2, near);
    workspace.course(&["start", "one"]).run().failed(2, "'one' fits 2 exercises: first-one, ");
}

#[test]
fn what_was_written_is_never_touched() {
    let workspace = two();
    workspace.course(&["start", "first-one"]).run().succeeded();
    workspace.solve("first-one", "mine");
    let again = workspace.course(&["start", "first-one"]).run();
    again.succeeded();
    assert!(again.stdout.contains("It was started before, and your file is as you left it."));
    assert_eq!(fs::read_to_string(workspace.source("first-one")).unwrap(), "mine");
}

#[test]
fn an_editor_sees_a_workspace_of_what_was_started() {
    let workspace = two();
    workspace.course(&["start", "second-one"]).run().succeeded();
    let manifest = workspace.path("work/Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version=1", "--offline", "--manifest-path"]);
    let output = cargo.arg(manifest).output().unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let names: Vec<_> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["second-one"]);
}

#[test]
fn the_map_and_the_list_have_them_in_the_order_of_the_days() {
    let workspace = two();
    let map = workspace.course(&[]).run();
    map.succeeded();
    let day = "  [ ] day04-tiny  All of day04-tiny\n  [ ] first-one   exercise: the answer of first-one\n";
    assert!(map.stdout.contains(day), "{}", map.stdout);
    workspace.set_progress("demo day04-tiny\n");
    let map = workspace.course(&[]).run();
    let next =
        "1 of 1 demo run, 0 of 2 exercises passed. Next, 30 min:\n  cargo course start first-one\n";
    assert!(map.stdout.ends_with(next), "{}", map.stdout);
    workspace.course(&["start"]).run().succeeded();
    let map = workspace.course(&[]).run();
    assert!(map.stdout.ends_with("\n  cargo course watch first-one\n"), "{}", map.stdout);
    let list = workspace.course(&["list"]).run();
    list.succeeded();
    assert!(list.stdout.contains("  first-one    30 min  exercise: the answer of first-one\n"));
    assert!(list.stdout.contains("1 demo, 2 exercises, 1 h 20 min. "), "{}", list.stdout);
}
