//! `cargo course verify`: is every exercise what it claims to be?
//!
//! - Its starter compiles without a warning and fails; its solution passes, ten times in a row, and
//!   is formatted and clean to clippy; each of its wrong answers compiles, is rejected, and is told
//!   the words that it expects; a constant answer and another exercise's starter never pass.
//! - Its description, its README and its hints are whole, and what they link to and what they say
//!   to type is there.
//!
//! All variants are built in one workspace (`scratch`), and tests run while cargo still builds
//! others. What came out well and has not been built anew is not run again (`cache`).

mod book;
mod cache;
mod cargo;
mod command;
mod constant;
mod format;
mod load;
mod report;
mod run;
mod scratch;
mod text;
mod tries;
mod variant;

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use cli::Outcome;

use self::cargo::Said;
use self::report::Report;
use self::scratch::Scratch;
use self::tries::Tries;
use crate::course::Course;
use crate::demo::Demo;
use crate::exercise::Exercise;
use crate::lock::Lock;
use crate::style::Style;
use crate::{names, workspace};

/// What texts may speak of.
#[derive(Debug)]
struct Knowledge {
    demos: Vec<Demo>,
    exercises: Vec<Exercise>,
    syllabus: String,
}

/// What happens while it runs.
#[derive(Debug)]
enum Event {
    /// Cargo has something to say about a package.
    Said(String, Said),
    /// Cargo is done; it may not have come as far as building.
    Built { finished: bool },
    /// The tests of the variant at this place have been run.
    Judged(usize, Result<(), String>),
}

/// How it is to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    /// With all processors busy.
    pub(crate) load: bool,
    /// Also what has not changed since the last time.
    pub(crate) again: bool,
}

/// Verifies the exercises of these names, or all; a success only when nothing is wrong.
pub(crate) fn verify(wanted: &[String], how: How, style: &Style) -> Outcome<ExitCode> {
    let begin = Instant::now();
    let course = Course::read()?;
    let (root, target) = (course.root, course.target);
    let _alone = Lock::of(&target);
    let known = Knowledge {
        demos: workspace::demos()?,
        exercises: course.exercises,
        syllabus: fs::read_to_string(root.join("docs/syllabus.md")).unwrap_or_default(),
    };
    let places = places(&known.exercises, wanted)?;
    let scratch = Scratch::of(&root, &target);
    let mut report = Report::new(&known.exercises, &places, *style);
    let mut variants = Vec::new();
    for at in 0..known.exercises.len() {
        let (mut of_this, complaints) = variant::all(&known.exercises, at);
        variants.append(&mut of_this);
        report.complain(at, complaints);
    }
    for &at in &places {
        report.complain(at, text::complaints(&known.exercises[at], &known));
    }
    for (at, complaint) in format::complaints(&known.exercises, &places)? {
        report.complain(at, [complaint]);
    }
    scratch.fill(&known.exercises, &variants)?;
    variants.retain(|variant| places.contains(&variant.exercise));
    let tries = Tries { scratch: &scratch, target: &target, variants: &variants, how };
    match tries.run(&mut report)? {
        Some(stopped) => Ok(ExitCode::from(stopped.code())),
        None => report.end(begin.elapsed()),
    }
}

/// The places of those that are meant, in course order.
fn places(exercises: &[Exercise], wanted: &[String]) -> Outcome<Vec<usize>> {
    if wanted.is_empty() {
        return Ok((0..exercises.len()).collect());
    }
    let mut places = Vec::new();
    for name in wanted {
        let exercise = names::exercise(exercises, name)?;
        places.extend(exercises.iter().position(|other| other.name == exercise.name));
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}
