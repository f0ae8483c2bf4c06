//! What is read aloud at a line.

use super::narration::{of, paragraphs};
use super::*;

const SOURCE: &str = "\
//! What the file shows.
//! In two lines.
//!
//! And more.

use std::io;

/// What the function does.
#[inline]
fn run<T>(x: T) -> io::Result<()> {
    // Why it binds
    // to port 0.
    let listener = TcpListener::bind(addr)
        .and_then(more)?;

    let plain = 1;
    // Too far away.

    accept(&listener)?; // one is enough
    // Above.
    let both =
        two(); // And behind.
}

fn bare() {
    work();
}
";

fn narration(mark: &str, function: &str) -> Option<(Origin, String)> {
    let lines: Vec<_> = SOURCE.lines().map(String::from).collect();
    let index = lines.iter().position(|line| line.contains(mark)).unwrap();
    of(&lines, index, function).map(|it| (it.origin, it.text()))
}

#[test]
fn the_nearest_comment_is_read() {
    let line = |text: &str| Some((Origin::Line, text.to_owned()));
    assert_eq!(narration("bind(", "demo::run"), line("Why it binds to port 0."));
    assert_eq!(narration("and_then", "demo::run"), line("Why it binds to port 0."));
    assert_eq!(narration("accept(", "demo::run"), line("one is enough"));
    assert_eq!(narration("two()", "demo::run"), line("Above. And behind."));
    let function = Some((Origin::Function, "What the function does.".to_owned()));
    for name in ["demo::run", "demo::run<u8>", "demo::run::{closure#0}", "run::<u8>"] {
        assert_eq!(narration("plain", name), function, "{name}");
    }
    let file = Some((Origin::File, "What the file shows. In two lines.".to_owned()));
    assert_eq!(narration("work()", "demo::bare"), file);
    assert_eq!(narration("work()", ""), file);
}

#[test]
fn the_proof_of_an_unsafe_block_is_read_last() {
    let said = |source: &str| {
        let lines: Vec<_> = source.lines().map(String::from).collect();
        of(&lines, lines.len() - 1, "f").map(|it| it.text())
    };
    let proof = "fn f() {\n// SAFETY: no pointers.\ncall()";
    assert_eq!(said(&format!("/// Forks.\n{proof}")), Some("Forks.".into()));
    assert_eq!(said(&format!("//! File.\n\n{proof}")), Some("SAFETY: no pointers.".into()));
    let both = "fn f() {\n// Why.\n// SAFETY: no pointers,\n// none.\ncall() // Then.";
    assert_eq!(said(both), Some("Why. Then.".into()));
}

#[test]
fn without_comments_nothing_is_said() {
    let lines = ["fn main() {".to_owned(), "    work();".to_owned()];
    assert_eq!(of(&lines, 1, "main"), None);
    assert_eq!(of(&lines, 7, "main"), None);
}

#[test]
fn a_list_stays_a_list() {
    let said = paragraphs(&["First:", "- one", "goes on", "- two", "", "Last."]);
    assert_eq!(said, ["First:", "- one goes on", "- two", "Last."]);
}
