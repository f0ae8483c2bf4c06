//! `cargo course check`: builds an exercise's tests as `cargo test` does, runs them, and says in one
//! sentence what came out.

mod build;

use std::io::{self, Write as _};
use std::process::{Command, ExitCode, Stdio};

use cli::Outcome;

use self::build::Built;
pub(crate) use self::build::executable;

use crate::course::Course;
use crate::exercise::Exercise;
use crate::job::Job;
use crate::lock::Lock;
use crate::progress::{self, Fact};
use crate::stops::{Stopped, Stops};
use crate::style::Style;
use crate::{map, plan, workspace};

/// What a check can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Pass,
    Fail,
    /// It does not compile.
    Broken,
}

/// Checks one exercise; the status is 0 only if it passes. `brief` leaves out what to do next.
pub(crate) fn check(name: Option<&str>, brief: bool, style: &Style) -> Outcome<ExitCode> {
    let course = Course::read()?;
    let exercise = course.meant(name)?;
    let name = &exercise.name;
    if !course.work.has(exercise) {
        return Err(format!("{name} is not started (try: cargo course start {name})").into());
    }
    let _alone = Lock::of(&course.target);
    for note in course.work.sync(&course.exercises)? {
        // When standard error is gone, nobody is left to be told.
        let _ = writeln!(io::stderr(), "course: {note}");
    }
    let verdict = match verdict(&course, exercise)? {
        Ok(verdict) => verdict,
        // No word on what was written.
        Err(stopped) => return Ok(ExitCode::from(stopped.code())),
    };
    let code = match verdict {
        Verdict::Pass => {
            progress::remember(&course.root, Fact::Pass(name));
            ExitCode::SUCCESS
        }
        Verdict::Fail | Verdict::Broken => {
            progress::remember(&course.root, Fact::Try(name));
            ExitCode::FAILURE
        }
    };
    let text = told(&course, exercise, verdict, brief, style)?;
    let mut stdout = io::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(code)
}

/// The sentence, and what to do next.
fn told(
    course: &Course,
    exercise: &Exercise,
    verdict: Verdict,
    brief: bool,
    style: &Style,
) -> Outcome<String> {
    let Style { bold, reset, .. } = *style;
    let name = &exercise.name;
    Ok(match verdict {
        Verdict::Pass if brief => format!("\n{bold}{name} passes.{reset}\n"),
        Verdict::Pass => {
            let demos = workspace::demos()?;
            let steps = plan::all(&demos, &course.exercises);
            let started = course.work.started(&course.exercises);
            let next = map::next(&steps, &progress::done(&course.root), &started, style);
            format!("\n{bold}{name} passes.{reset}\n{next}")
        }
        Verdict::Broken => format!(
            "\n{bold}{name} does not compile.{reset} Begin with the first of the errors above.\n"
        ),
        Verdict::Fail if brief => format!("\n{bold}{name} does not pass yet.{reset}\n"),
        Verdict::Fail => format!(
            "\n{bold}{name} does not pass yet.{reset} For a hint: cargo course hint {name}\n"
        ),
    })
}

/// Builds the tests and runs them; both are stopped when somebody stops us.
fn verdict(course: &Course, exercise: &Exercise) -> Outcome<Result<Verdict, Stopped>> {
    let stops = Stops::new()?;
    let tests = match build::tests(course, exercise, &stops)? {
        Ok(Built::Tests(tests)) => tests,
        Ok(Built::Broken) => return Ok(Ok(Verdict::Broken)),
        Err(stopped) => return Ok(Err(stopped)),
    };
    let place = course.work.place(exercise);
    let mut tests = Command::new(tests);
    tests.current_dir(&place).env("CARGO_MANIFEST_DIR", &place).stdin(Stdio::null());
    let tests = Job::start(&mut tests).map_err(|e| format!("the tests cannot be started: {e}"))?;
    let ended = tests.result(&stops)?;
    Ok(ended.map(|exit| if exit.success() { Verdict::Pass } else { Verdict::Fail }))
}
