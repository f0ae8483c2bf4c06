//! `cargo course progress`: how far the learner is, for himself and, as a small file, for an
//! instructor. Nothing in the file says who wrote it: that is for the file's name to say.
//!
//! ```text
//! nine-days progress 1
//! demos 12 of 45
//! exercise hash-quit pass tries 3 hints 1
//! exercise poll-echo started tries 9 hints 2
//! now poll-echo
//! ```

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use cli::Outcome;

use crate::course::Course;
use crate::days;
use crate::demo::Demo;
use crate::plan::{self, Step};
use crate::style::Style;
use crate::{work, workspace};

/// How every exported file begins; a number follows.
pub(crate) const HEAD: &str = "nine-days progress ";

/// What is to be shown; with `export`, after it was written to that file (`-` is for showing it).
pub(crate) fn progress(export: Option<&OsStr>, style: &Style) -> Outcome<String> {
    let (course, demos) = (Course::read()?, workspace::demos()?);
    match export {
        None => Ok(shown(&course, &demos, style)),
        Some(file) if file == "-" => Ok(exported(&course, &demos)),
        Some(file) => {
            let path = Path::new(file);
            may_be_replaced(path)?;
            work::write(path, exported(&course, &demos).as_bytes())?;
            Ok(format!("{} is for your instructor.\n", path.display()))
        }
    }
}

/// A name that was mistyped must not cost somebody a file.
fn may_be_replaced(path: &Path) -> Outcome {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        there => there.map_err(work::failed("written", path))?,
    };
    let mut head = [0; HEAD.len()];
    let ours = path.is_file()
        && fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok()
        && head == *HEAD.as_bytes();
    if ours {
        return Ok(());
    }
    Err(format!("{} is there already and is no progress: it stays as it is", path.display()).into())
}

fn exported(course: &Course, demos: &[Demo]) -> String {
    let run = demos.iter().filter(|demo| course.done.demos.contains(&demo.name)).count();
    let mut text = format!("{HEAD}1\ndemos {run} of {}\n", demos.len());
    for exercise in &course.exercises {
        let standing = course.done.of(&exercise.name);
        let state = match (standing.passed, standing.gave_up) {
            (true, _) => "pass",
            (false, true) => "gave-up",
            (false, false) if course.work.has(exercise) => "started",
            (false, false) => continue,
        };
        let (name, tries, hints) = (&exercise.name, standing.tries, standing.hints);
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "exercise {name} {state} tries {tries} hints {hints}");
    }
    if let Some(now) = course.current().filter(|now| !course.done.of(&now.name).passed) {
        let _ = writeln!(text, "now {}", now.name);
    }
    text
}

fn shown(course: &Course, demos: &[Demo], style: &Style) -> String {
    let Style { bold, reset, .. } = *style;
    let steps = plan::all(demos, &course.exercises);
    let mut text = String::new();
    for (heading, steps) in days::each(&steps, style).filter(|(_, steps)| !steps.is_empty()) {
        let of = |is_kind: fn(&Step<'_>) -> bool, what: &str| {
            let kind = steps.iter().filter(|step| is_kind(step));
            let done = kind.clone().filter(|step| step.is_done(&course.done)).count();
            format!("{done} of {}", days::count(kind.count(), what))
        };
        let demos = of(|step| matches!(step, Step::Demo(_)), "demo");
        let exercises = of(|step| matches!(step, Step::Exercise(_)), "exercise");
        let _ = writeln!(text, "{heading}\n  {demos}, {exercises}");
    }
    for exercise in &course.exercises {
        let standing = course.done.of(&exercise.name);
        if course.work.has(exercise) && !standing.passed {
            let tries = match standing.tries {
                1 => "1 try".into(),
                tries => format!("{tries} tries"),
            };
            let hints = days::count(usize::try_from(standing.hints).unwrap_or_default(), "hint");
            let gave_up = if standing.gave_up { ", solution seen" } else { "" };
            let name = &exercise.name;
            let _ = writeln!(text, "\nStarted: {bold}{name}{reset}, {tries}, {hints}{gave_up}");
        }
    }
    text
}
