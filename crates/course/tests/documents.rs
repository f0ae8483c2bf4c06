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

/// Exactly two, each in a block of its own: the main job, and the test.
#[test]
fn the_readme_begins_with_two_commands() {
    let readme = read("README.md");
    let blocks: Vec<&str> = readme.split("```").skip(1).step_by(2).collect();
    assert_eq!(blocks, ["sh\ncargo run -p day04-poll\n", "sh\ncargo test\n"]);
}
