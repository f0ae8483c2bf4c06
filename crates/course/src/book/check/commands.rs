//! The commands of a chapter exist: packages, twins, roles, demos, exercises, and what
//! `cargo course` is asked for.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::super::markdown::{inline_code, lines};
use super::super::{Book, demos};
use super::Chapter;
use crate::args::Request;
use crate::{args, names};

/// What cargo itself is asked for, beside run and course.
const CARGO: [&str; 9] =
    ["build", "clippy", "doc", "fetch", "fmt", "install", "test", "tree", "update"];
/// Languages of blocks that are commands.
const SHELLS: [&str; 3] = ["sh", "bash", "console"];

pub(super) fn problems(book: &Book, chapter: &Chapter) -> Vec<String> {
    let mut problems = Vec::new();
    for line in lines(&chapter.text) {
        let block = line.code.is_some_and(|code| SHELLS.contains(&code)).then_some(line.text);
        for code in inline_code(&line).into_iter().chain(block) {
            for command in commands(code) {
                let wrong =
                    problem(book, &command).map(|why| format!("`{}`: {why}", command.join(" ")));
                problems.extend(wrong.map(|why| chapter.at(line.number, &why)));
            }
        }
    }
    problems
}

/// Each `cargo …` of a line, up to what a shell takes for its end.
fn commands(code: &str) -> Vec<Vec<String>> {
    let code = code.split(" #").next().unwrap_or(code);
    let parts =
        code.split(['|', ';', '&', '>', '<']).map(|part| part.trim().trim_start_matches("$ "));
    let parts = parts.filter(|part| part.starts_with("cargo "));
    let words = parts.map(|part| {
        part.split_whitespace().map(|word| word.trim_matches(['\'', '"', '…']).to_owned())
    });
    words.map(|words| words.filter(|word| !word.is_empty()).collect()).collect()
}

fn problem(book: &Book, command: &[String]) -> Option<String> {
    match command.get(1).map(String::as_str) {
        Some("course") => course(book, &command[2..]),
        Some("run") => run(book, &command[2..]),
        Some(other) if CARGO.contains(&other) => package(book, &command[2..]).err(),
        _ => Some("cargo has no such command".into()),
    }
}

fn after<'a>(words: &'a [String], options: &[&str]) -> Option<&'a str> {
    let at = words.iter().position(|word| options.contains(&word.as_str()))?;
    words.get(at + 1).map(String::as_str)
}

/// The package that is named, if one is.
fn package<'a>(book: &Book, words: &'a [String]) -> Result<Option<&'a str>, String> {
    let Some(name) = after(words, &["-p", "--package"]) else { return Ok(None) };
    // In capitals it stands for any.
    let known = name == "NAME" || book.root.join("crates").join(name).join("Cargo.toml").exists();
    if known { Ok(Some(name)) } else { Err(format!("there is no package {name}")) }
}

fn run(book: &Book, words: &[String]) -> Option<String> {
    let name = match package(book, words) {
        Err(why) => return Some(why),
        Ok(name) => name?,
    };
    let Ok(demo) = book.demo(name) else { return None };
    let twin =
        after(words, &["--example"]).filter(|twin| !demo.twins.contains(&(*twin).to_owned()));
    let twin = twin.map(|twin| format!("{name} has no example {twin}"));
    let role = after(words, &["--"]).filter(|role| !role.starts_with('-'));
    let folder = book.root.join("crates").join(name);
    twin.or_else(|| {
        role.filter(|role| !mentions(&folder, role))
            .map(|role| format!("{name} has no role {role}"))
    })
}

/// Whether a source file has `name: "role"`.
fn mentions(folder: &Path, role: &str) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted = format!("name: \"{role}\"");
    entries.any(|entry| {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            return mentions(&entry.path(), role);
        }
        fs::read_to_string(entry.path()).is_ok_and(|text| text.contains(&wanted))
    })
}

fn course(book: &Book, words: &[String]) -> Option<String> {
    if words.iter().any(|word| ["NAME", "FILE", "DAY", "TWIN"].contains(&word.as_str())) {
        return None;
    }
    match args::parse(words.iter().map(OsString::from)) {
        Err(usage) => Some(usage.0),
        Ok(Request::Demo { name, stage, .. }) => match names::demo(&book.demos, &name) {
            Err(usage) => Some(usage.0),
            Ok(demo) => {
                let twin = stage.and_then(|stage| stage.example);
                let twin = twin.filter(|twin| !demo.twins.contains(twin));
                twin.map(|twin| format!("{} has no example {twin}", demo.name))
            }
        },
        Ok(_) => exercise(book, words),
    }
}

/// `start`, `check`, `hint` and their like, of an exercise; a day is one, too.
fn exercise(book: &Book, words: &[String]) -> Option<String> {
    let [command, name, ..] = words else { return None };
    let about =
        ["start", "check", "hint", "solution", "reset", "verify"].contains(&command.as_str());
    let day = name.parse::<u64>().is_ok() || name.starts_with('-');
    if !about || day || !book.root.join("exercises").exists() {
        return None;
    }
    let mut all = (1..=9).flat_map(|day| demos::of_day(book, day));
    (!all.any(|exercise| exercise.name == *name)).then(|| format!("no exercise is called {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_in_a_line() {
        let found = commands("$ cargo run -p a -- b | head -1; cargo course list # all");
        assert_eq!(
            found,
            [vec!["cargo", "run", "-p", "a", "--", "b"], vec!["cargo", "course", "list"]]
        );
        assert!(commands("the cargo").is_empty());
    }
}
