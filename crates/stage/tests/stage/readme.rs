//! What README shows of the stage is what the stage says.

use std::path::Path;

use testkit::skip;

use crate::common::{need_ptrace, stage};

/// As wide as an excerpt may be.
const WIDTH: usize = 90;

/// Cut where it is too wide, and without the port.
fn line(text: &str) -> String {
    let mut parts = text.split("127.0.0.1:");
    let mut plain: String = parts.next().unwrap_or_default().into();
    for part in parts {
        plain += "127.0.0.1:PORT";
        plain += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    if plain.chars().count() <= WIDTH {
        return plain;
    }
    plain.chars().take(WIDTH - 1).chain(['…']).collect()
}

#[test]
fn the_excerpt_is_what_the_command_above_it_prints() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).expect("README.md");
    let (_, excerpt) = readme.split_once("```text\n").expect("an excerpt");
    let (excerpt, _) = excerpt.split_once("```").expect("its end");
    let excerpt: Vec<String> = excerpt.lines().map(line).collect();
    assert!((10..=18).contains(&excerpt.len()), "{} lines", excerpt.len());
    assert!(readme.contains("`cargo course demo tcp-echo --text --narration`"));

    need_ptrace!();
    // `cargo test` builds all demos; `cargo test -p stage` builds none.
    let demo = Path::new(env!("CARGO_BIN_EXE_stage")).with_file_name("day01-tcp-echo");
    if !demo.exists() {
        skip!("{} is not built: cargo build -p day01-tcp-echo", demo.display());
    }
    let said = stage(&["--text", "--narration", "day01-tcp-echo"]).run();
    assert!(said.status.success(), "{said:#?}");
    let all: Vec<String> = said.stdout.lines().map(line).collect();
    let shown = all.windows(excerpt.len()).any(|part| part == excerpt);
    assert!(
        shown,
        "README.md shows\n{}\nand the stage says\n{}",
        excerpt.join("\n"),
        all.join("\n")
    );
}
