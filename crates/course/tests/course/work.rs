//! A `work/` that is not as it should be: a sentence each time, nothing lost, repaired where that
//! is possible.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::process::Command;

use testkit::skip;

use crate::fixture::{SOLUTION, STARTER, Workspace};
use crate::start::two;

fn started() -> Workspace {
    let workspace = two();
    workspace.course(&["start", "4"]).run().succeeded();
    workspace
}

/// The second one can be checked, whatever happened to the first.
fn the_other_is_well(workspace: &Workspace) {
    workspace.solve("second-one", SOLUTION);
    let check = workspace.course(&["check", "second-one", "--brief"]).run();
    assert!(check.status.success(), "{check:#?}");
}

#[test]
fn a_folder_in_pieces_is_no_trouble_for_the_others_and_is_repaired() {
    for missing in ["src", "src/lib.rs", "tests", "Cargo.toml", "README.md", ""] {
        let workspace = started();
        let path = workspace.path("work/day04/first-one").join(missing);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        the_other_is_well(&workspace);
        workspace.course(&["start", "first-one"]).run().succeeded();
        assert_eq!(fs::read_to_string(workspace.source("first-one")).unwrap(), STARTER);
        let check = workspace.course(&["check", "first-one"]).run();
        assert!(check.stdout.contains("does not pass yet"), "{missing}: {check:#?}");
    }
}

#[test]
fn a_source_survives_what_happens_around_it() {
    let workspace = started();
    workspace.solve("first-one", SOLUTION);
    let folder = workspace.path("work/day04/first-one");
    fs::write(folder.join("Cargo.toml"), "[package").unwrap();
    fs::remove_dir_all(folder.join("tests")).unwrap();
    fs::write(folder.join("tests"), "a file").unwrap();
    fs::remove_file(folder.join("README.md")).unwrap();
    fs::create_dir(folder.join("README.md")).unwrap();
    the_other_is_well(&workspace);
    workspace.course(&["check", "first-one"]).run().succeeded();
    let kept = workspace.path("work/backup/first-one-1");
    assert_eq!(fs::read_to_string(kept.join("Cargo.toml")).unwrap(), "[package");
    assert_eq!(fs::read_to_string(kept.join("tests")).unwrap(), "a file");
    assert!(kept.join("README.md").is_dir());
}

#[test]
fn the_workspaces_own_files_come_back() {
    let workspace = started();
    fs::write(workspace.path("work/Cargo.toml"), "nonsense").unwrap();
    fs::write(workspace.path("work/Cargo.lock"), "nonsense").unwrap();
    the_other_is_well(&workspace);
    fs::remove_dir_all(workspace.path("work")).unwrap();
    workspace.course(&[]).run().succeeded();
    workspace.course(&["start", "4"]).run().succeeded();
    the_other_is_well(&workspace);
}

#[test]
fn what_is_not_the_courses_stays() {
    let workspace = started();
    let raw = OsStr::from_bytes(b"\xff\xfe");
    for folder in ["work", "work/day04", "work/day04/first-one/src", "work/backup"] {
        let folder = workspace.path(folder).join(raw);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(raw), "mine").unwrap();
    }
    fs::create_dir(workspace.path("work/day04/notes")).unwrap();
    symlink("nowhere", workspace.path("work/day04/dangling")).unwrap();
    the_other_is_well(&workspace);
    workspace.course(&["reset", "first-one"]).run().succeeded();
    let kept = workspace.path("work/backup/first-one-1/first-one/src");
    assert_eq!(fs::read_to_string(kept.join(raw).join(raw)).unwrap(), "mine");
    assert!(workspace.path("work/day04").join(raw).exists());
}

#[test]
fn a_file_where_a_folder_should_be_is_named() {
    let workspace = two();
    fs::write(workspace.path("work"), "").unwrap();
    let start = workspace.course(&["start"]).run();
    start.failed(1, "course: work is no folder, and the exercises need one: move it away");
    fs::remove_file(workspace.path("work")).unwrap();
    fs::create_dir(workspace.path("work")).unwrap();
    fs::write(workspace.path("work/day04"), "").unwrap();
    workspace.course(&["start"]).run().failed(1, "course: work/day04 is no folder: move it away");
    fs::remove_file(workspace.path("work/day04")).unwrap();
    fs::create_dir(workspace.path("work/day04")).unwrap();
    fs::write(workspace.path("work/day04/first-one"), "").unwrap();
    let start = workspace.course(&["start"]).run();
    start.failed(1, "work/day04/first-one is no folder, and the exercise needs one: move it away");
    fs::remove_file(workspace.path("work/day04/first-one")).unwrap();
    fs::create_dir_all(workspace.source("first-one")).unwrap();
    let start = workspace.course(&["start"]).run();
    start.failed(1, "work/day04/first-one/src/lib.rs is no file: move it away, and start again");
}

#[test]
fn a_newer_course_brings_its_tests_and_leaves_the_source() {
    let workspace = started();
    workspace.solve("first-one", SOLUTION);
    let course = workspace.path("exercises/day04/first-one");
    fs::write(course.join("tests/check.rs"), "fn main() { println!(\"new\"); }\n").unwrap();
    fs::create_dir(course.join("tests/more")).unwrap();
    fs::write(course.join("tests/more/mod.rs"), "//! More.\n").unwrap();
    fs::write(course.join("src/lib.rs"), "// a new starter\n").unwrap();
    let start = workspace.course(&["start", "first-one"]).run();
    start.succeeded();
    assert!(start.stdout.contains("\n  note: work/day04/first-one/tests/check.rs was not"));
    assert_eq!(fs::read_to_string(workspace.source("first-one")).unwrap(), SOLUTION);
    assert!(workspace.path("work/day04/first-one/tests/more/mod.rs").exists());
    let check = workspace.course(&["check", "first-one"]).run();
    assert!(check.stdout.starts_with("new\n"), "{check:#?}");
}

/// In a mount namespace of its own (unshare(1)), over `work/` and for this one command.
fn mounted(workspace: &Workspace, mount: &str, args: &str) -> Option<testkit::Finished> {
    let flags = if nix_is_root() { "-m" } else { "-rm" };
    let works = Command::new("unshare").args([flags, "true"]).output();
    works.ok().filter(|output| output.status.success())?;
    let work = workspace.path("work").display().to_string();
    let script =
        format!("{} && {} {args}", mount.replace("WORK", &work), env!("CARGO_BIN_EXE_course"));
    let unshare = testkit::Program::new("unshare").args([flags, "sh", "-c", &script]);
    Some(workspace.set_up(unshare).run())
}

fn nix_is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}

#[test]
fn a_read_only_clone_gets_a_sentence() {
    let workspace = started();
    let mount = "mount --bind WORK WORK && mount -o remount,bind,ro WORK";
    fs::remove_dir_all(workspace.path("work/day04/first-one")).unwrap();
    let Some(start) = mounted(&workspace, mount, "start first-one") else {
        skip!("this machine gives no mount namespaces");
    };
    start.failed(1, "Read-only file system");
    let reset = mounted(&workspace, mount, "reset second-one").expect("it worked before");
    reset.failed(1, "Read-only file system");
    assert!(workspace.source("second-one").exists());
}

#[test]
fn a_full_disk_gets_a_sentence_and_leaves_nothing_half_made() {
    let workspace = started();
    // A disk of two pages with nothing on it but a source.
    let mount = "mount -t tmpfs -o size=16k,nr_inodes=40 tmpfs WORK && mkdir -p WORK/day04/first-one/src \
        && echo mine > WORK/day04/first-one/src/lib.rs && dd if=/dev/zero of=WORK/full bs=4k count=3 2>/dev/null; true";
    let Some(start) = mounted(
        &workspace,
        mount,
        "start first-one; cat work/day04/first-one/src/lib.rs; ls -A work/day04",
    ) else {
        skip!("this machine gives no mount namespaces");
    };
    start.failed(0, "No space left on device");
    assert_eq!(start.stdout, "mine\nfirst-one\n");
}
