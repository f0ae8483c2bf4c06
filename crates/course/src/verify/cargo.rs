//! One cargo for all variants: what it says about each, as soon as it says it.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::Sender;
use std::thread;

use cli::Outcome;
use serde_json::Value;

use super::Event;
use super::scratch::Scratch;
use crate::check::executable;
use crate::job::Job;
use crate::workspace;

/// What cargo says about one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Its tests are here.
    Tests(PathBuf),
    /// The compiler's warning, of clippy too.
    Warning(String),
    /// Why it does not compile.
    Error(String),
}

/// Builds the tests of these packages. What is said comes through `events`, and a
/// [`Event::Built`] when it is over.
pub(super) fn build(
    scratch: &Scratch,
    target: &Path,
    packages: &[&str],
    events: Sender<Event>,
) -> Outcome<Job> {
    begin(scratch, target, &["build", "--keep-going", "--test", "check"], packages, events)
}

/// The same with clippy, and of the libraries only.
pub(super) fn clippy(
    scratch: &Scratch,
    target: &Path,
    packages: &[&str],
    events: Sender<Event>,
) -> Outcome<Job> {
    begin(scratch, target, &["clippy", "--keep-going", "--lib"], packages, events)
}

fn begin(
    scratch: &Scratch,
    target: &Path,
    command: &[&str],
    packages: &[&str],
    events: Sender<Event>,
) -> Outcome<Job> {
    let mut cargo = workspace::cargo_in(&scratch.folder, command[0]);
    cargo.args(&command[1..]).args(["--quiet", "--message-format", "json"]);
    cargo.args(packages.iter().flat_map(|package| ["--package", package]));
    let log = log(scratch);
    let errors = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    cargo.current_dir(&scratch.folder).env("CARGO_TARGET_DIR", target);
    cargo.stdin(Stdio::null()).stderr(errors);
    let (job, messages) =
        Job::piped(&mut cargo).map_err(|error| format!("cargo cannot be started: {error}"))?;
    thread::spawn(move || {
        let mut finished = false;
        for line in BufReader::new(messages).lines().map_while(io::Result::ok) {
            finished |= line.contains("\"reason\":\"build-finished\"");
            if let Some((package, said)) = said(&line) {
                // Nobody listens any more: it was stopped.
                let _ = events.send(Event::Said(package, said));
            }
        }
        let _ = events.send(Event::Built { finished });
    });
    Ok(job)
}

/// What cargo itself had to say, when it could not even begin.
pub(super) fn log(scratch: &Scratch) -> PathBuf {
    scratch.folder.join("cargo.log")
}

/// A line of cargo's, when it is about one of the variants.
fn said(line: &str) -> Option<(String, Said)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let manifest = Path::new(message["manifest_path"].as_str()?);
    let package = manifest.parent()?.file_name()?.to_str()?.to_owned();
    let said = match message["reason"].as_str()? {
        "compiler-artifact" => Said::Tests(executable(line)?),
        "compiler-message" => {
            let text = message["message"]["rendered"].as_str()?.trim_end().to_owned();
            match message["message"]["level"].as_str()? {
                "error" => Said::Error(text),
                // Beside each warning stands a line that counts them.
                "warning" if message["message"]["spans"].as_array()?.is_empty() => return None,
                "warning" => Said::Warning(text),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some((package, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_about_the_package_in_whose_folder_it_is() {
        let line = r#"{"reason":"compiler-message","manifest_path":"/t/a--solution/Cargo.toml",
            "message":{"level":"warning","rendered":"warning: x\n","spans":[{}]}}"#;
        let warning = Said::Warning("warning: x".into());
        assert_eq!(said(line), Some(("a--solution".into(), warning)));
        assert_eq!(said(&line.replace("[{}]", "[]")), None);
        assert_eq!(said("nonsense"), None);
    }
}
