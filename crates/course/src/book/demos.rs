//! What the book says of a demo and of the exercises: what their Cargo.toml says.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::Book;
use crate::days;
use crate::demo::Demo;

/// How to run it, and how to see it.
pub(crate) fn card(demo: &Demo) -> String {
    let Demo { name, about, minutes, .. } = demo;
    let topic = demo.topic();
    let time = days::duration(*minutes);
    let mut lines = vec![
        format!("**{name}** ({time}). {about}"),
        String::new(),
        "```sh".into(),
        format!("cargo run -p {name}"),
        format!("cargo course demo {topic} --step    # on the stage"),
    ];
    let twins = demo.twins.iter();
    lines.extend(
        twins.map(|twin| format!("cargo run -p {name} --example {twin}    # broken on purpose")),
    );
    lines.push("```".into());
    lines.join("\n")
}

/// What is known of an exercise.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exercise {
    order: u64,
    pub(crate) name: String,
    title: String,
    minutes: u64,
}

/// Those of a day; the folder is not there in a book without exercises.
pub(crate) fn of_day(book: &Book, day: u64) -> Vec<Exercise> {
    let folder = book.root.join(format!("exercises/day{day:02}"));
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<Exercise> = folders.filter_map(|entry| exercise(&entry.path())).collect();
    all.sort();
    all
}

/// From the lines `key = value` of its Cargo.toml: no package is resolved for a book.
fn exercise(folder: &Path) -> Option<Exercise> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let value = |key: &str| {
        let line = manifest
            .lines()
            .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
        line.map(|value| value.trim().trim_matches('"').to_owned())
    };
    let number = |key| value(key).and_then(|value| value.parse().ok()).unwrap_or(0);
    let (order, minutes) = (number("order"), number("minutes"));
    Some(Exercise {
        order,
        minutes,
        name: value("name")?,
        title: value("title").unwrap_or_default(),
    })
}

/// A row for each.
pub(crate) fn exercises(book: &Book, day: u64) -> Result<String, String> {
    let all = of_day(book, day);
    if all.is_empty() && book.root.join("exercises").exists() {
        return Err(format!("day {day} has no exercises"));
    }
    let mut text = String::from("| exercise | minutes | begin |\n|---|---|---|");
    for Exercise { name, title, minutes, .. } in all {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n| {title} | {minutes} | `cargo course start {name}` |");
    }
    Ok(text)
}
