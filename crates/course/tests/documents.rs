//! The documents at the root say only what exists, and the README knows every demo.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The targets of `[text](target)` that are not addresses of the web.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.starts_with("https://"))
}

#[test]
fn every_link_leads_somewhere() {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(document);
        for target in links(&text) {
            assert!(
                root().join(target).exists(),
                "{document} links to {target}, which is not there"
            );
        }
    }
}

#[test]
fn every_package_that_is_named_exists() {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(document);
        for part in text.split(" -p ").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let manifest = root().join("crates").join(&name).join("Cargo.toml");
            assert!(manifest.exists(), "{document} names the package {name}");
        }
    }
}

#[test]
fn the_readme_knows_every_demo_and_every_twin() {
    let readme = read("README.md");
    for entry in std::fs::read_dir(root().join("crates")).expect("the crates") {
        let folder = entry.expect("an entry").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with("day") {
            continue;
        }
        assert!(readme.contains(&format!("| {name} |")), "README.md has no row for {name}");
        for twin in std::fs::read_dir(folder.join("examples")).into_iter().flatten().flatten() {
            let twin = twin.file_name().to_string_lossy().into_owned();
            assert!(readme.contains(&format!("[{twin}]")), "README.md has no row for {twin}");
        }
    }
}

/// An exercise is told of once, in its own folder, and everything else is made from that. Its other
/// place is the lock file, where it stays when its folder goes or has another name.
#[test]
fn every_exercise_of_the_lock_file_is_there() {
    let mut there = Vec::new();
    for day in std::fs::read_dir(root().join("exercises")).expect("the exercises").flatten() {
        for exercise in std::fs::read_dir(day.path()).into_iter().flatten().flatten() {
            if exercise.path().join("Cargo.toml").exists() {
                there.push(exercise.file_name().to_string_lossy().into_owned());
            }
        }
    }
    let lock = read("exercises/Cargo.lock");
    let packages = lock.split("[[package]]\n").skip(1);
    // A package of this repository has no source; the others without one are the crates.
    let name = |package: &str| package.split('"').nth(1).map(str::to_owned);
    let ours = packages.filter(|package| !package.contains("\nsource = ")).filter_map(name);
    let known: Vec<String> =
        ours.filter(|name| !root().join("crates").join(name).exists()).collect();
    for name in &known {
        assert!(there.contains(name), "exercises/Cargo.lock names {name}: no folder is called so");
    }
    for name in &there {
        assert!(known.contains(name), "exercises/Cargo.lock does not know the exercise {name}");
    }
}

/// What it must stand is one suite for all: `testkit::whole_lesson!`.
#[test]
fn every_demo_is_tested_as_a_whole() {
    for entry in std::fs::read_dir(root().join("crates")).expect("the crates") {
        let folder = entry.expect("an entry").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with("day") {
            let suite = std::fs::read_to_string(folder.join("tests/whole.rs")).unwrap_or_default();
            let line = format!("testkit::whole_lesson!(env!(\"CARGO_BIN_EXE_{name}\"));");
            assert!(suite.contains(&line), "{name} has no tests/whole.rs with {line}");
        }
    }
}

/// Exactly two, each in a block of its own: the main job, and the test. Between them stands what
/// the stage shows (crates/stage/tests/stage/readme.rs).
#[test]
fn the_readme_begins_with_two_commands() {
    let readme = read("README.md");
    let blocks = readme.split("```").skip(1).step_by(2);
    let commands: Vec<&str> = blocks.filter(|block| !block.starts_with("text\n")).collect();
    assert_eq!(commands, ["sh\ncargo run -p day04-poll\n", "sh\ncargo test\n"]);
}
