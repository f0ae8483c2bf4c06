//! What lies where only exercises should, and names that are not UTF-8: no effect, or a sentence.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use crate::fixture::SOLUTION;
use crate::start::two;

const RAW: &[u8] = b"\xff\xfe";

#[test]
fn an_empty_folder_among_the_exercises_is_named() {
    let workspace = two();
    workspace.course(&["start"]).run().succeeded();
    for name in ["empty", ".hidden"] {
        let stray = workspace.path("exercises/day04").join(name);
        fs::create_dir(&stray).unwrap();
        let sentence = format!(
            "course: exercises/day04/{name} has no Cargo.toml, so it is no exercise, and cargo \
             cannot read the others: move it away\n"
        );
        for args in [&[][..], &["list"], &["start"], &["check"], &["watch"], &["hint"]] {
            let said = workspace.course(args).run();
            said.failed(1, &sentence);
            assert_eq!(said.stderr, sentence, "{args:?}");
        }
        fs::remove_dir(stray).unwrap();
        workspace.course(&["list"]).run().succeeded();
    }
}

#[test]
fn names_that_are_not_utf8_have_no_effect() {
    let raw = OsStr::from_bytes(RAW);
    let workspace = two();
    for folder in ["exercises", "exercises/day04", "exercises/day04/first-one/src"] {
        let folder = workspace.path(folder).join(raw);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(raw), "mine").unwrap();
    }
    fs::write(workspace.path("exercises/day04/a-file"), "").unwrap();
    workspace.course(&["start", "4"]).run().succeeded();
    workspace.solve("first-one", SOLUTION);
    workspace.course(&["check", "first-one"]).run().succeeded();
}

#[test]
fn nor_has_the_name_of_the_folder_that_it_is_called_in() {
    let workspace = two();
    let here = workspace.path(OsStr::from_bytes(RAW)).join("inside");
    fs::create_dir_all(&here).unwrap();
    let course = |args: &[&str]| workspace.course(args).in_dir(&here).run();
    course(&["start"]).succeeded();
    workspace.solve("first-one", SOLUTION);
    course(&["check"]).succeeded();
    course(&[]).succeeded();
}

#[test]
fn a_workspace_in_such_a_folder_gets_a_sentence() {
    let workspace = two();
    let moved = workspace.path(OsStr::from_bytes(RAW));
    fs::create_dir(&moved).unwrap();
    for part in ["Cargo.toml", "crates", "exercises"] {
        fs::rename(workspace.path(part), moved.join(part)).unwrap();
    }
    for args in [&[][..], &["start"], &["check"]] {
        let said = workspace.course(args).env("NINE_DAYS_ROOT", &moved).run();
        said.failed(1, "whose name is not UTF-8, and cargo takes no such name: move it");
    }
}
