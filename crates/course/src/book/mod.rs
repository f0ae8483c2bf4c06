//! The book (docs/): built by mdBook, fed and checked by this program.
//!
//! - A chapter quotes code, transcripts and pictures by directives, `{{#item …}}` and its like
//!   (`directive`): nothing is pasted, so nothing can go stale unnoticed.
//! - mdBook asks us to replace them (`preprocess`); `check` resolves the same ones without mdBook
//!   and compares every transcript with what the program says now.
//! - Readers get it from the course's own web server (`serve`).
//! - What an author needs to know stands in docs/authors.md.

pub(crate) mod args;
mod build;
mod check;
mod contract;
mod demos;
mod diff;
mod directive;
mod expand;
mod item;
mod mark;
mod markdown;
mod preprocess;
mod quoted;
mod reading;
mod renew;
mod run;
mod serve;
mod session;
mod transcript;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use cli::Outcome;

pub(crate) use self::args::Book as Request;
use crate::days::DAYS;
use crate::demo::Demo;
use crate::workspace;

/// What a book is made of: the folder of the workspace, and the demos in it.
#[derive(Debug)]
struct Book {
    root: PathBuf,
    demos: Vec<Demo>,
}

impl Book {
    fn open() -> Outcome<Self> {
        Ok(Self { root: workspace::root(), demos: workspace::demos()? })
    }

    /// The text of a file of the workspace; the sentence of a failure names it.
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.root.join(path)).map_err(|error| format!("{path}: {error}"))
    }

    fn demo(&self, name: &str) -> Result<&Demo, String> {
        let found = self.demos.iter().find(|demo| demo.name == name);
        found.ok_or_else(|| format!("no demo is called {name}"))
    }
}

/// How many minutes the chapter of each day takes, from day 1 on; 0 where there is none.
pub(crate) fn minutes() -> Vec<u64> {
    let chapter = |day| workspace::root().join(format!("docs/day{day:02}.md"));
    let minutes = |day| reading::minutes(&fs::read_to_string(chapter(day)).unwrap_or_default());
    DAYS.map(minutes).collect()
}

/// Does what was asked for.
pub(crate) fn answer(request: &Request) -> Outcome<ExitCode> {
    match request {
        Request::Build { open } => build::build(*open),
        Request::Check { parts } => check::check(&Book::open()?, parts),
        Request::Renew { parts } => renew::renew(&Book::open()?, parts),
        Request::Supports { renderer } => Ok(preprocess::supports(renderer)),
        Request::Preprocess => preprocess::answer(&Book::open()?),
    }
}
