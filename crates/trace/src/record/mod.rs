//! A recording: everything that was told about one run, in a file that can be played again without
//! ptrace, kept in a repository, and compared.
//!
//! # The format, version 1
//!
//! One JSON object in UTF-8, laid out for `diff`: a step is one line, a line of source is one line,
//! keys always come in the same order, and what is empty or false is left out.
//!
//! ```json
//! {"recording":1,
//! "program":"target/debug/day01-tcp-echo",
//! "arguments":[],
//! "steps":[
//! {"number":1,"task":"P1","event":"enter","call":{"name":"socket",…},"place":{…}},
//! {"number":2,"task":"P1","event":{"return":{"answer":{"value":{"fd":3}}}},"call":…,"changes":[…]}
//! ],
//! "sources":{
//! "crates/day01-tcp-echo/src/main.rs":[
//! "//! The first line.",
//! "…"
//! ]}}
//! ```
//!
//! - `recording` is the version, and what tells a recording from other JSON. A reader refuses a
//!   version that it does not know; whatever changes the meaning of a key raises it.
//! - `steps` are [`Step`]s, their enums tagged by their names in snake_case. Bytes are text, with
//!   `\xNN` for those that are none; flags of signals are numbers, bit 0 is signal 1.
//! - `changes` of a step are [`Change`](crate::Change)s: applied to an empty
//!   [`State`](crate::State) from the first step on they give the state at any step.
//! - `sources` are the files that the steps name, with their text and not a hash of it: a hash
//!   could only tell that the line that is there today is another one, and a recording is also
//!   played where there is no source at all. They cost a few kilobytes; their changes show as the
//!   same lines that the source's own do.
//!
//! # What is different in every run
//!
//! [`Recording::normalise`] renames it, so that two runs of a program can be compared.

mod difference;
mod json;
mod lengths;
mod names;
mod normal;
mod sort;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::step::{Event, Location, Place, Step};

pub use difference::{Difference, difference};
pub use json::Unreadable;
pub use normal::Surroundings;

/// Everything that was told about one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// Of the format: [`Recording::VERSION`].
    pub version: u32,
    /// What was run.
    pub program: String,
    /// Its arguments, without its own name.
    pub arguments: Vec<String>,
    /// What happened.
    pub steps: Vec<Step>,
    /// File → its lines, for the files that the steps name.
    pub sources: BTreeMap<String, Vec<String>>,
}

impl Recording {
    /// The version that is written, and the only one that is read.
    pub const VERSION: u32 = 1;

    /// Without sources.
    pub fn new(program: impl Into<String>, arguments: Vec<String>, steps: Vec<Step>) -> Self {
        let (version, program) = (Self::VERSION, program.into());
        Self { version, program, arguments, steps, sources: BTreeMap::new() }
    }

    /// Takes in the text of the files that the steps name, from the first of the folders that has
    /// each. A file that cannot be read, or is no UTF-8, is left out: its lines are then shown as
    /// `file:line` only.
    pub fn gather_sources(&mut self, roots: &[impl AsRef<Path>]) {
        for file in named(&self.steps) {
            let texts = roots.iter().map(|root| fs::read_to_string(root.as_ref().join(&file)));
            if let Some(text) = texts.flatten().next() {
                let lines = text.split('\n').map(Into::into).collect();
                self.sources.insert(file, lines);
            }
        }
    }

    /// The line of source that a location means, as it was when this was recorded.
    pub fn line(&self, location: &Location) -> Option<&str> {
        let index = usize::try_from(location.line).ok()?.checked_sub(1)?;
        self.sources.get(&location.file)?.get(index).map(String::as_str)
    }
}

/// The files that occur in the steps' places.
fn named(steps: &[Step]) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut add =
        |place: &Place| files.extend(place.stack.iter().map(|location| location.file.clone()));
    for step in steps {
        add(&step.place);
        if let Event::Stuck(tasks) = &step.event {
            for (_, _, place) in tasks {
                add(place);
            }
        }
    }
    files
}
