//! A recording: everything that was told about one run, in a file that can be played again without
//! ptrace, kept in a repository, and compared.
//!
//! docs/recordings.md describes the format, version 2: one JSON object, laid out for `diff`, a step
//! in a line. What is the same in many steps (places, and the call that a return goes on with) is
//! written once: `places`, `calls` and `line` make it small, `unpack` makes steps of it again.
//! Loops are told in one step (`fold`).
//!
//! # What is different in every run
//!
//! [`Recording::normalise`] renames it, so that two runs of a program can be compared.

mod binary;
mod calls;
mod difference;
mod fold;
mod json;
mod lengths;
mod line;
mod machine;
mod names;
mod normal;
mod places;
mod sort;
#[cfg(test)]
mod tests;
mod text;
mod unpack;
mod unreadable;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::step::{Event, Location, Place, Step};

pub use difference::{Difference, difference};
pub use fold::Fold;
pub use normal::Surroundings;
pub use unreadable::Unreadable;

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
    pub const VERSION: u32 = 2;

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
