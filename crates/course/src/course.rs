//! All that the commands about exercises look at: the exercises, what is in `work/`, what is done.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use cli::Outcome;

use crate::exercise::Exercise;
use crate::progress::{self, Done};
use crate::work::Work;
use crate::{names, workspace};

/// The exercises, and how far the learner is.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) root: PathBuf,
    /// Where cargo builds the exercises, and what lies in `work/`.
    pub(crate) target: PathBuf,
    pub(crate) exercises: Vec<Exercise>,
    pub(crate) work: Work,
    pub(crate) done: Done,
}

impl Course {
    /// Reads it all.
    ///
    /// # Errors
    /// When cargo cannot read the exercises, or there are none.
    pub(crate) fn read() -> Outcome<Self> {
        let root = workspace::root();
        let (exercises, target) = workspace::exercises_and_target()?;
        if exercises.is_empty() {
            return Err("there is no exercise yet".into());
        }
        let (work, done) = (Work::of(&root), progress::done(&root));
        Ok(Self { root, target, exercises, work, done })
    }

    /// The exercise of this name, or the one that is being worked on.
    ///
    /// # Errors
    /// When there is none, or several.
    pub(crate) fn meant(&self, name: Option<&str>) -> Outcome<&Exercise> {
        match name {
            Some(name) => Ok(names::exercise(&self.exercises, name)?),
            None => {
                self.current().ok_or_else(|| "nothing is started (try: cargo course start)".into())
            }
        }
    }

    /// The one in whose folder we are; or else, of those that have not passed, the one that was
    /// saved last, and before any was written to, the first.
    pub(crate) fn current(&self) -> Option<&Exercise> {
        let here = std::env::current_dir().unwrap_or_default();
        let started = || self.exercises.iter().filter(|exercise| self.work.has(exercise));
        if let Some(inside) = started().find(|exercise| here.starts_with(self.work.place(exercise)))
        {
            return Some(inside);
        }
        let open = || started().filter(|exercise| !self.done.of(&exercise.name).passed);
        let saved = |exercise: &&Exercise| self.saved(exercise);
        open()
            .filter(|exercise| self.saved(exercise).is_some())
            .max_by_key(saved)
            .or_else(|| open().next())
            .or_else(|| started().max_by_key(saved))
    }

    /// When its source was saved, if that is not the starter any more.
    fn saved(&self, exercise: &Exercise) -> Option<SystemTime> {
        let source = self.work.source(exercise);
        let starter = fs::read(exercise.folder.join("src/lib.rs")).ok();
        let changed = fs::read(&source).ok() != starter;
        changed.then(|| source.metadata().and_then(|file| file.modified()).ok()).flatten()
    }

    /// The first exercise behind this one that is not over, and then from the beginning.
    pub(crate) fn after(&self, exercise: &Exercise) -> Option<&Exercise> {
        let at = self.exercises.iter().position(|other| other.name == exercise.name);
        let (before, behind) = self.exercises.split_at(at.map_or(0, |at| at + 1));
        let is_open = |other: &&Exercise| {
            let standing = self.done.of(&other.name);
            other.name != exercise.name && !standing.passed && !standing.gave_up
        };
        behind.iter().chain(before).find(is_open)
    }
}
