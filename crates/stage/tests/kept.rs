//! The recordings that are kept in the repository: each can be shown, and, with the feature `kept`,
//! each is what its demo does today.

#![allow(clippy::unwrap_used, reason = "without them a test has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use testkit::Program;

/// All of them together. Nobody wants to clone more.
const MOST: u64 = 13_000_000;

fn stage(args: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_stage")).args(args)
}

fn kept() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    files
}

fn name(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

#[test]
fn each_can_be_shown_without_ptrace() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // A capstone is recorded by an example that it names, perhaps in several roles.
    let capstones = ["capstone-chat", "capstone-tftp", "capstone-http"];
    let examples = capstones.map(|capstone| crates.join(capstone).join("examples"));
    assert!(!kept().is_empty());
    for file in kept() {
        let (own, folders) = (name(&file), [crates].into_iter());
        let names = [own, own.rsplit_once('-').map_or(own, |(example, _role)| example)];
        let mut folders = folders.chain(examples.iter().map(PathBuf::as_path));
        let known = folders.any(|folder| names.iter().any(|name| folder.join(name).is_dir()));
        assert!(known, "{} is of no demo", file.display());
        let shown = stage(&["replay", file.to_str().unwrap(), "--text"]).run();
        shown.succeeded();
        let first = shown.stdout.lines().find(|line| line.contains(" P1 "));
        assert!(first.is_some_and(|line| line.contains(".rs:")), "{first:?}");
        assert!(shown.stdout.contains("ends with status 0"), "{} is cut off", file.display());
    }
}

#[test]
fn they_are_small_and_name_no_machine() {
    let sizes = kept().into_iter().map(|file| fs::metadata(file).unwrap().len());
    assert!(sizes.sum::<u64>() < MOST);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    for file in kept() {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains(workspace.to_str().unwrap()), "{}", file.display());
    }
}

/// The demos have to be built: `cargo test` of the whole workspace does that.
#[cfg(feature = "kept")]
#[test]
fn demos_do_what_they_did() {
    let files = kept();
    let demos: Vec<_> = files.iter().map(|file| name(file)).collect();
    let args = [&["check"][..], &demos].concat();
    let checked = stage(&args).limit(std::time::Duration::from_mins(15)).run();
    if checked.stdout.contains("does not allow") {
        testkit::skip!("this system does not allow one process to trace another");
    }
    assert!(checked.status.success(), "{}{}", checked.stdout, checked.stderr);
    assert!(!checked.stdout.contains("SKIPPED"), "{}", checked.stdout);
}
