//! One run of a program, and where its transcript is kept: docs/transcripts/NAME.txt.

use std::fs;
use std::path::PathBuf;

use super::quoted::Range;
use super::{Book, mark};

const FOLDER: &str = "docs/transcripts";

/// A demo, or its broken twin, run by itself or on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Run {
    pub(crate) demo: String,
    pub(crate) twin: Option<String>,
    /// `--text` and its like: on the stage.
    pub(crate) stage: Vec<String>,
    /// Whose source is the program's own there: folders of the workspace. None: its package alone.
    pub(crate) roots: Vec<String>,
    pub(crate) args: Vec<String>,
}

impl Run {
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let (demo, words) = words.split_first().ok_or("which demo?")?;
        let mut run = Self { demo: (*demo).to_owned(), ..Self::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--example" => run.twin = words.next().map(|twin| (*twin).to_owned()),
                "--text" | "--state" | "--narration" => run.stage.push((*word).to_owned()),
                "--root" => run.roots.extend(words.next().map(|root| (*root).to_owned())),
                "--" => run.args = words.by_ref().map(|arg| (*arg).to_owned()).collect(),
                other => return Err(format!("a transcript does not understand '{other}'")),
            }
        }
        Ok(run)
    }

    /// What a reader types.
    pub(crate) fn command(&self) -> String {
        let twin = self.twin.as_ref().map(|twin| format!(" --example {twin}")).unwrap_or_default();
        let args = if self.args.is_empty() { "" } else { " -- " };
        let args = format!("{args}{}", self.args.join(" "));
        if self.stage.is_empty() {
            return format!("cargo run -p {}{twin}{args}", self.demo);
        }
        let roots = self.roots.iter().map(|root| format!(" --root {root}"));
        let stage = self.stage.join(" ") + &roots.collect::<String>();
        if self.demo.starts_with("capstone-") {
            // It is no demo of a day, so the stage itself is asked for.
            return format!("cargo run -p stage -- {stage}{twin} {}{args}", self.demo);
        }
        format!("cargo course demo {} {stage}{twin}{args}", self.demo)
    }

    /// The name of the file. What is shown of the stage is long: only what is shown is kept.
    pub(crate) fn name(&self, range: Option<&Range>) -> String {
        let parts = std::iter::once(&self.demo).chain(&self.twin).chain(&self.stage);
        let mut name: Vec<String> = parts.chain(&self.args).map(|part| slug(part)).collect();
        name.extend(range.filter(|_| !self.stage.is_empty()).map(|range| slug(&range.from)));
        name.join(".")
    }
}

/// `"P1 epoll_wait(…"` is `p1-epoll-wait`.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(6).collect();
    words.join("-").to_lowercase()
}

/// What is kept, with its marks.
pub(crate) fn kept(book: &Book, name: &str) -> Result<String, String> {
    let hint = "make it by: cargo course book --renew";
    book.read(&format!("{FOLDER}/{name}.txt")).map_err(|error| format!("{error} ({hint} {name})"))
}

pub(crate) fn keep(book: &Book, name: &str, text: &str) -> Result<(), String> {
    let path = file(book, name);
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn file(book: &Book, name: &str) -> PathBuf {
    book.root.join(FOLDER).join(format!("{name}.txt"))
}

/// The kept transcripts, by name.
pub(crate) fn all(book: &Book) -> Vec<String> {
    let files = fs::read_dir(book.root.join(FOLDER)).into_iter().flatten().flatten();
    let names =
        files.filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".txt")?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// As it is shown: without marks, and only the range where the file holds more.
pub(crate) fn shown(text: &str, range: Option<&Range>, whole: bool) -> Result<String, String> {
    let text = mark::plain(text);
    match range {
        Some(range) if whole => Ok(super::item::shifted(&range.cut(&text)?)),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_a_command_and_a_name() {
        let run = |words: &[&str]| Run::read(words).unwrap();
        let plain = run(&["day04-poll"]);
        assert_eq!(plain.command(), "cargo run -p day04-poll");
        assert_eq!(plain.name(None), "day04-poll");
        let twin = run(&["day04-poll", "--example", "hup_spin"]);
        assert_eq!(twin.command(), "cargo run -p day04-poll --example hup_spin");
        assert_eq!(twin.name(None), "day04-poll.hup_spin");
        let role = run(&["day04-fork", "--", "print"]);
        assert_eq!(role.command(), "cargo run -p day04-fork -- print");
        assert_eq!(role.name(None), "day04-fork.print");
        let stage = run(&["day04-fork", "--text", "--state"]);
        assert_eq!(stage.command(), "cargo course demo day04-fork --text --state");
        let capstone = run(&["capstone-chat", "--text", "--example", "chat-session"]);
        let command = "cargo run -p stage -- --text --example chat-session capstone-chat";
        assert_eq!(capstone.command(), command);
        let stage_of = ["capstone-chat", "--text", "--root", "crates/server", "--", "fork"];
        let roots = run(&stage_of);
        let command = "cargo run -p stage -- --text --root crates/server capstone-chat -- fork";
        assert_eq!(roots.command(), command);
        assert_eq!(roots.name(None), "capstone-chat.text.fork");
        let range = Range { from: "P1 fork(".into(), to: String::new() };
        assert_eq!(stage.name(Some(&range)), "day04-fork.text.state.p1-fork");
        assert_eq!(plain.name(Some(&range)), "day04-poll");
        assert!(Run::read(&[]).is_err());
        assert!(Run::read(&["a", "--fast"]).is_err());
    }
}
