//! What cannot be put on the stage is one sentence.

#![allow(clippy::unwrap_used, reason = "without its files a test has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::common::{need_ptrace, on_stage, root, scene, stage};

#[test]
fn help_says_what_there_is() {
    let help = stage(&["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("stage replay FILE"), "{help:#?}");
}

#[test]
fn a_mistake_in_the_arguments_is_status_2() {
    stage(&[]).run().failed(2, "which PROGRAM");
    stage(&["--fast"]).run().failed(2, "invalid option '--fast'");
    stage(&["--text", "--step", "x"]).run().failed(2, "not both");
}

#[test]
fn a_program_that_is_not_there_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let name = file.to_str().unwrap();
    stage(&["--text", name]).run().failed(1, "No such file");
    stage(&["--text", "day99-none"]).run().failed(1, "cargo build -p day99-none");
    stage(&["--text", "--example", "none", "stage"]).run().failed(1, "examples/none is not there");
    fs::write(&file, "text").unwrap();
    stage(&["--text", name]).run().failed(1, "is no program");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let script = stage(&["--text", name]).run();
    assert!(script.status.code() == Some(1) && script.stderr.lines().count() == 1, "{script:#?}");
}

#[test]
fn a_root_or_an_input_that_is_not_there() {
    stage(&["--text", "--root", "/nowhere", &scene()]).run().failed(1, "/nowhere: No such file");
    on_stage(&["--text", "--input", "/nowhere"], &[]).run().failed(1, "/nowhere: No such file");
    on_stage(&["--record", "/nowhere/file"], &["0"]).run().failed(1, "/nowhere/file");
}

#[test]
fn a_program_without_lines_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let stripped = folder.path().join("stripped");
    fs::copy(scene(), &stripped).unwrap();
    let strip = Command::new("strip").arg(&stripped).status();
    if !strip.is_ok_and(|status| status.success()) {
        testkit::skip!("strip is not here");
    }
    let name = stripped.to_str().unwrap();
    let done = stage(&["--text", "--root", &root(), name]).run();
    assert_eq!((done.status.code(), done.stderr.lines().count()), (Some(1), 1), "{done:#?}");
    assert!(done.stderr.contains("line"), "{done:#?}");
}

#[test]
fn an_example_is_found_by_the_name_of_its_package() {
    need_ptrace!();
    let done = stage(&["--text", "--example", "scene", "stage", "0"]).run();
    done.succeeded();
}
