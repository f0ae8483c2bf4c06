//! The doctor, on machines that lack something.

use std::fs;
use std::os::unix::fs::symlink;

use testkit::pty::Pty;
use testkit::{Program, need, skip};

use crate::fixture::Workspace;

/// Not the real temporary folder, so that what is left behind is seen.
fn doctor(workspace: &Workspace) -> Program {
    fs::create_dir_all(workspace.path("tmp")).expect("a folder in our own workspace");
    workspace.course(&["doctor"]).env("TMPDIR", workspace.path("tmp"))
}

/// Fails unless there is a line of this state and name, and gives it.
#[track_caller]
fn line<'a>(report: &'a str, state: &str, name: &str) -> &'a str {
    let starts = |line: &&str| {
        line.strip_prefix(state).is_some_and(|rest| rest.trim_start().starts_with(name))
    };
    report.lines().find(starts).unwrap_or_else(|| panic!("no {state} {name} in:\n{report}"))
}

#[test]
fn a_machine_with_everything_necessary_is_fit() {
    if let Err(reason) = need::descriptors(2048) {
        skip!("{reason}");
    }
    let workspace = Workspace::new();
    let report = doctor(&workspace).run();
    report.succeeded();
    for name in ["Rust", "Linux", "/proc", "1,000", "TCP on 127.0.0.1", "temporary", "Unix"] {
        line(&report.stdout, "ok", name);
    }
    line(&report.stdout, "missing", "terminal");
    assert!(report.stdout.contains("\n\nEverything necessary is here"), "{}", report.stdout);
    assert_eq!(fs::read_dir(workspace.path("tmp")).unwrap().count(), 0);
}

#[test]
fn optional_programs_may_be_missing() {
    if let Err(reason) = need::descriptors(2048) {
        skip!("{reason}");
    }
    let workspace = Workspace::new();
    let bin = workspace.path("bin");
    fs::create_dir(&bin).unwrap();
    for name in ["rustc", "cargo", "cat"] {
        symlink(need::program(name).unwrap(), bin.join(name)).unwrap();
    }
    // Neither a folder nor a file that cannot be executed is a program.
    fs::create_dir(bin.join("nc")).unwrap();
    fs::write(bin.join("curl"), "").unwrap();
    symlink("/bin/sh", bin.join("python3")).unwrap();
    let report = doctor(&workspace).env("PATH", &bin).run();
    report.succeeded();
    for name in ["nc", "curl", "strace"] {
        let line = line(&report.stdout, "missing", name);
        assert!(line.contains("Optional, it costs: ") && line.contains("To do: "), "{line}");
    }
    assert!(line(&report.stdout, "ok", "python3").ends_with("/bin/python3"));
}

#[test]
fn too_few_descriptors_are_a_failure() {
    let report = doctor(&Workspace::new()).max_files(1024).run();
    assert_eq!(report.status.code(), Some(1));
    let line = line(&report.stdout, "missing", "1,000 connections");
    assert!(line.contains("soft 1024, hard 1024, and 2048 are needed. It costs: "), "{line}");
    assert!(report.stdout.contains("\n\nNecessary and missing: 1 "), "{}", report.stdout);
}

#[test]
fn a_compiler_that_is_too_old_is_a_failure() {
    let workspace =
        Workspace::new().with_package("new", "rust-version = \"1.999\"\n", "fn main() {}");
    let report = doctor(&workspace).run();
    assert_eq!(report.status.code(), Some(1));
    let line = line(&report.stdout, "missing", "Rust");
    assert!(line.contains(", and 1.999 is needed. It costs: "), "{line}");
}

#[test]
fn a_workspace_that_cargo_cannot_read_is_a_failure_and_all_else_is_looked_at() {
    let workspace = Workspace::new();
    fs::write(workspace.path("Cargo.toml"), "[workspace").unwrap();
    let report = doctor(&workspace).run();
    assert_eq!(report.status.code(), Some(1));
    line(&report.stdout, "missing", "workspace");
    line(&report.stdout, "ok", "Rust");
    line(&report.stdout, "ok", "TCP on 127.0.0.1");
}

#[test]
fn a_place_for_files_and_for_socket_files_is_looked_for() {
    let workspace = Workspace::new();
    let report = doctor(&workspace).env("TMPDIR", workspace.path("nowhere")).run();
    assert_eq!(report.status.code(), Some(1));
    line(&report.stdout, "missing", "temporary files");
    line(&report.stdout, "missing", "Unix sockets");

    // sockaddr_un has room for 107 bytes (unix(7)).
    let deep = workspace.path("d".repeat(100));
    fs::create_dir(&deep).unwrap();
    let report = doctor(&workspace).env("TMPDIR", &deep).run();
    assert_eq!(report.status.code(), Some(1));
    line(&report.stdout, "ok", "temporary files");
    assert!(line(&report.stdout, "missing", "Unix sockets").contains("bind: "));
    assert_eq!(fs::read_dir(&deep).unwrap().count(), 0);
}

#[test]
fn a_terminal_is_recognised() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = Workspace::new();
    pty.attach_screen(doctor(&workspace).env("NO_COLOR", "1")).unwrap().spawn().wait();
    pty.shows("ok       terminal");
    pty.shows("of unknown size");
}
