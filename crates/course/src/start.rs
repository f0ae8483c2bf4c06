//! `cargo course start`: exercises into `work/`, and what to do with them.

use std::fmt::Write as _;

use cli::Outcome;

use crate::args::exercise::day;
use crate::course::Course;
use crate::days;
use crate::exercise::Exercise;
use crate::names;
use crate::style::Style;
use crate::work::{self, Started};

/// Starts the next exercise, those of a day, or the one of this name. Gives what is to be shown.
pub(crate) fn start(what: Option<&str>, style: &Style) -> Outcome<String> {
    let course = Course::read()?;
    let wanted: Vec<&Exercise> = match what {
        None => next(&course).into_iter().collect(),
        Some(word) => match day(word) {
            Some(day) => course.exercises.iter().filter(|exercise| exercise.day == day).collect(),
            None => vec![names::exercise(&course.exercises, word)?],
        },
    };
    if wanted.is_empty() {
        return Err(match what {
            None => "every exercise has passed (try: cargo course)".into(),
            Some(day) => format!("{day} has no exercise yet (try: cargo course list)").into(),
        });
    }
    let mut text = String::new();
    for exercise in &wanted {
        text.push_str(&one(&course, exercise, style)?);
    }
    let name = if wanted.len() == 1 { "" } else { " NAME" };
    let Style { bold, reset, .. } = *style;
    let _ = writeln!(text, "Then: {bold}cargo course watch{name}{reset}");
    let folder = course.work.shown(course.work.folder());
    let _ =
        writeln!(text, "In an editor open the folder {folder}, which is a workspace of its own.");
    Ok(text)
}

/// Starts one. Gives what is to be shown.
pub(crate) fn one(course: &Course, exercise: &Exercise, style: &Style) -> Outcome<String> {
    let started = work::start(&course.work, exercise)?;
    let mut text = told(course, exercise, started, style);
    for note in course.work.sync(&course.exercises)? {
        // Writing to a String cannot fail, here and above.
        let _ = writeln!(text, "  note: {note}");
    }
    Ok(text)
}

/// The first one that is neither over nor started, or else the one that is being worked on.
fn next(course: &Course) -> Option<&Exercise> {
    let is_open = |exercise: &&Exercise| {
        let standing = course.done.of(&exercise.name);
        !standing.passed && !standing.gave_up
    };
    let mut open = course.exercises.iter().filter(is_open);
    let mut new = course.exercises.iter().filter(is_open);
    new.find(|exercise| !course.work.has(exercise)).or_else(|| open.next())
}

fn told(course: &Course, exercise: &Exercise, started: Started, style: &Style) -> String {
    let Style { bold, reset, .. } = *style;
    let Exercise { name, day, minutes, title, .. } = exercise;
    let state = match started {
        Started::New => "",
        Started::Before => " It was started before, and your file is as you left it.",
        Started::Repaired => " A part of it was missing and is back.",
    };
    let show = |file: &str| course.work.shown(&course.work.place(exercise).join(file));
    let time = days::duration(*minutes);
    format!(
        "{bold}{name}{reset} (day {day}, {time}): {title}.{state}\n  read  {}\n  edit  {}\n",
        show("README.md"),
        show("src/lib.rs"),
    )
}
