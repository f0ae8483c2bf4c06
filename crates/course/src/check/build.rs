//! The tests of an exercise, built as `cargo test` builds them.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Stdio};
use std::thread;

use cli::Outcome;
use serde_json::Value;

use crate::course::Course;
use crate::exercise::Exercise;
use crate::job::Job;
use crate::patience::patiently;
use crate::stops::{Stopped, Stops};
use crate::style::Style;
use crate::workspace;

/// What came of a build.
#[derive(Debug)]
pub(super) enum Built {
    /// The tests are here.
    Tests(PathBuf),
    /// The compiler has said what is wrong with the source.
    Broken,
}

/// What cargo has told while it built.
#[derive(Debug, Default)]
struct Told {
    tests: Option<PathBuf>,
    /// Whether the compiler found something wrong in a file of the exercise.
    broken: bool,
}

/// Builds the tests.
///
/// # Errors
/// When cargo cannot build, and not because of what somebody has written: it has said why.
pub(super) fn tests(
    course: &Course,
    exercise: &Exercise,
    stops: &Stops,
) -> Outcome<Result<Built, Stopped>> {
    let mut cargo = workspace::cargo_in(course.work.folder(), "test");
    cargo.args(["--quiet", "--no-run", "--package", &exercise.name, "--test", "check"]);
    let colour = if Style::of_stderr() { "json-diagnostic-rendered-ansi" } else { "json" };
    cargo.args(["--message-format", colour]);
    // Its configuration, and with it the folder of what is built, is found from here.
    cargo.current_dir(course.work.folder()).stdin(Stdio::null()).stderr(Stdio::inherit());
    let cannot = |error| format!("cargo cannot be started: {error}");
    let (cargo, messages) = Job::piped(&mut cargo).map_err(cannot)?;
    let manifest = exercise.place().join("Cargo.toml");
    let reader = thread::spawn(move || listen(messages, &manifest));
    let built = patiently("building", || cargo.result(stops))?;
    let told = reader.join().map_err(|_| "what cargo says cannot be read")??;
    Ok(match built {
        Err(stopped) => Err(stopped),
        Ok(exit) if exit.success() => {
            Ok(Built::Tests(told.tests.ok_or("cargo does not say where the tests are")?))
        }
        Ok(_) if told.broken => Ok(Built::Broken),
        Ok(_) => {
            let name = &exercise.name;
            let why = "for a reason of its own, which stands above";
            return Err(format!("cargo cannot build {name}, {why}: this was no try").into());
        }
    })
}

/// Hands on what the compiler says as soon as it says it.
fn listen(messages: ChildStdout, manifest: &Path) -> io::Result<Told> {
    let mut told = Told::default();
    for line in BufReader::new(messages).lines() {
        let line = line?;
        told.tests = executable(&line).or(told.tests);
        let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
        let diagnostic = &message["message"];
        let is_sum = diagnostic["message"].as_str().is_some_and(is_sum);
        if let Some(text) = diagnostic["rendered"].as_str().filter(|_| !is_sum) {
            // When standard error is gone, nobody is left to be told.
            let _ = io::stderr().write_all(text.as_bytes());
        }
        // An error without a place is not about the source: a full disk, a linker.
        let has_place = diagnostic["spans"].as_array().is_some_and(|spans| !spans.is_empty());
        let is_ours = message["manifest_path"]
            .as_str()
            .is_some_and(|path| Path::new(path).ends_with(manifest));
        told.broken |= is_ours && has_place && diagnostic["level"] == "error";
    }
    Ok(told)
}

/// How many there were: cargo says that by itself.
fn is_sum(words: &str) -> bool {
    words.starts_with("aborting due to")
        || ["warning emitted", "warnings emitted"].iter().any(|sum| words.ends_with(sum))
}

/// The program that a message of cargo's is about, when that is tests/check.rs.
pub(crate) fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_ours = message["target"]["name"] == "check" && message["profile"]["test"] == true;
    message["executable"].as_str().filter(|_| is_ours).map(|path| Path::new(path).into())
}
