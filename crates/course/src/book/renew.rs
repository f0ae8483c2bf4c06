//! Makes the transcripts that chapters ask for, by running the programs, and removes those that
//! nobody asks for.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Write as _, stdout};
use std::process::{Command, ExitCode};

use cli::Outcome;
use nix::unistd::Uid;

use super::check::chapters;
use super::directive::{self, Directive};
use super::markdown::lines;
use super::quoted::Range;
use super::transcript::Run;
use super::{Book, mark, run, session, transcript};
use crate::workspace;

/// How often a program runs, so that what differs from run to run shows.
const RUNS: usize = 3;

/// One transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Run { run: Run, range: Option<Range> },
    Session { name: String },
}

/// All that the chapters ask for, by the name of its file.
pub(crate) fn wanted(book: &Book) -> Result<BTreeMap<String, Wanted>, String> {
    let mut all = BTreeMap::new();
    for chapter in chapters(book)? {
        // That a chapter is not there is said by the check.
        let text = book.read(&chapter).unwrap_or_default();
        for line in lines(&text).iter().filter(|line| line.code.is_none()) {
            match directive::parse(line.text) {
                Some(Ok(Directive::Transcript { run, range })) => {
                    let range = range.filter(|_| !run.stage.is_empty());
                    all.insert(run.name(range.as_ref()), Wanted::Run { run, range });
                }
                Some(Ok(Directive::Session { name, .. })) => {
                    all.insert(name.clone(), Wanted::Session { name });
                }
                _ => {}
            }
        }
    }
    Ok(all)
}

impl Wanted {
    /// What it says today: how often, and once more without privileges where we have some.
    pub(crate) fn today(&self, book: &Book, as_nobody: bool) -> Result<String, String> {
        match self {
            Self::Run { run, range } => {
                let text = run::output(run::command(book, run)?, as_nobody)?;
                match range {
                    Some(range) => Ok(range.cut(&text)?.join("\n") + "\n"),
                    None => Ok(text),
                }
            }
            Self::Session { name } => {
                session::play(book, &book.read(&format!("docs/transcripts/{name}.session"))?)
            }
        }
    }

    fn packages(&self) -> Vec<&str> {
        match self {
            Self::Run { run, .. } if run.stage.is_empty() => vec![&run.demo],
            Self::Run { run, .. } => vec![&run.demo, "stage"],
            Self::Session { .. } => vec![],
        }
    }
}

pub(crate) fn renew(book: &Book, parts: &[String]) -> Outcome<ExitCode> {
    if let Some(why) = run::unusual() {
        return Err(format!("no transcript is made: {why}").into());
    }
    let mut out = stdout();
    let all = wanted(book)?;
    let meant =
        |name: &str| parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str()));
    let mut packages: Vec<&str> = all
        .iter()
        .filter(|(name, _)| meant(name))
        .flat_map(|(_, wanted)| wanted.packages())
        .collect();
    packages.sort_unstable();
    packages.dedup();
    build(&packages)?;
    for (name, wanted) in all.iter().filter(|(name, _)| meant(name)) {
        let mut runs =
            (0..RUNS).map(|_| wanted.today(book, false)).collect::<Result<Vec<_>, _>>()?;
        // What depends on privileges differs too.
        if Uid::effective().is_root() && matches!(wanted, Wanted::Run { .. }) {
            runs.extend(wanted.today(book, true));
        }
        let before = transcript::kept(book, name).unwrap_or_default();
        if runs.iter().all(|run| mark::difference(&before, run).is_none()) {
            continue;
        }
        let learned = mark::learn(&runs);
        let learned = learned.ok_or_else(|| {
            format!("{name}: its runs have different lines, so that it cannot be a transcript")
        })?;
        transcript::keep(book, name, &mark::keep(&before, &learned))?;
        writeln!(out, "renewed: {name}")?;
    }
    if parts.is_empty() {
        for name in transcript::all(book).iter().filter(|name| !all.contains_key(*name)) {
            fs::remove_file(book.root.join(format!("docs/transcripts/{name}.txt")))?;
            writeln!(out, "removed, because no chapter shows it: {name}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn build(packages: &[&str]) -> Outcome {
    if packages.is_empty() {
        return Ok(());
    }
    let mut cargo: Command = workspace::cargo("build");
    cargo.args(["--quiet", "--bins", "--examples"]);
    cargo.args(packages.iter().flat_map(|package| ["--package", package]));
    let status = cargo.status().map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() { Ok(()) } else { Err("cargo cannot build the demos".into()) }
}
