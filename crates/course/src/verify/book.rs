//! The book that is kept while variants are built and tried: what has come of each so far.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use cli::Outcome;

use super::cache::Cache;
use super::cargo::Said;
use super::load::Load;
use super::report::Report;
use super::tries::{Cargo, Task, Tries};
use super::variant::{Kind, Variant};

/// One row for each variant.
pub(super) struct Book<'a, 'r> {
    variants: &'a [Variant],
    report: &'a mut Report<'r>,
    tasks: Sender<Task>,
    cache: Cache,
    /// Where the tests of each are, once they are built.
    tests: Vec<Option<PathBuf>>,
    /// The first error of each.
    errors: Vec<Option<String>>,
    /// Those that are being tried, or wait for it.
    waiting: HashSet<usize>,
    /// With all processors busy; then nothing is tried before everything is built.
    load: bool,
    held: Vec<Task>,
    busy: Option<Load>,
}

impl<'a, 'r> Book<'a, 'r> {
    pub(super) fn new(tries: &Tries<'a>, report: &'a mut Report<'r>, tasks: Sender<Task>) -> Self {
        let again = tries.how.again || tries.how.load;
        Self {
            variants: tries.variants,
            report,
            tasks,
            cache: Cache::of(&tries.scratch.folder, again),
            tests: vec![None; tries.variants.len()],
            errors: vec![None; tries.variants.len()],
            waiting: HashSet::new(),
            load: tries.how.load,
            held: Vec::new(),
            busy: None,
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn progress(&mut self) -> Outcome {
        let built = self.tests.iter().flatten().count();
        let (all, waiting) = (self.variants.len(), self.waiting.len());
        self.report.progress(&format!("{built} of {all} built, {waiting} to be tried"))
    }

    /// Cargo has said something about a package; what is about none of ours is not for us.
    pub(super) fn hear(&mut self, package: &str, said: Said, cargo: Cargo) -> Outcome {
        let at = self.variants.iter().position(|variant| variant.package == package);
        let Some(at) = at else { return Ok(()) };
        let variant = &self.variants[at];
        let what = if cargo == Cargo::Clippy { "clippy" } else { "a warning" };
        let what = format!("{what}, in {}", variant.file());
        let is_clean = matches!(variant.kind, Kind::Starter | Kind::Solution);
        match said {
            Said::Error(text) if cargo == Cargo::Build => {
                self.errors[at].get_or_insert(text);
            }
            Said::Error(text) => self.report.complain_of(variant.exercise, &what, &text),
            Said::Warning(text) if is_clean => {
                self.report.complain_of(variant.exercise, &what, &text);
            }
            Said::Warning(_) => {}
            Said::Tests(tests) => self.found(at, tests)?,
        }
        Ok(())
    }

    fn found(&mut self, at: usize, tests: PathBuf) -> Outcome {
        self.tests[at] = Some(tests.clone());
        if self.cache.has(&self.variants[at].package, &tests) {
            self.report.tried(true);
            return Ok(());
        }
        self.waiting.insert(at);
        if self.load {
            self.held.push((at, tests));
            return Ok(());
        }
        Ok(self.tasks.send((at, tests))?)
    }

    /// Nothing more will be built. What does not compile is wrong, but for what was not written for
    /// its exercise.
    pub(super) fn built(&mut self) -> Outcome {
        for (at, variant) in self.variants.iter().enumerate() {
            if self.tests[at].is_none() && !variant.may_be_unfit() {
                let error = self.errors[at].as_deref().unwrap_or("cargo does not say why");
                let what = format!("{} does not compile", variant.file());
                self.report.complain_of(variant.exercise, &what, error);
            }
        }
        self.busy = self.load.then(Load::new);
        for task in self.held.drain(..) {
            self.tasks.send(task)?;
        }
        Ok(())
    }

    /// The tests of a variant have been run.
    pub(super) fn judged(&mut self, at: usize, judged: Result<(), String>) {
        self.waiting.remove(&at);
        self.report.tried(false);
        let variant = &self.variants[at];
        match (judged, &self.tests[at]) {
            (Ok(()), Some(tests)) => self.cache.add(&variant.package, tests),
            (Ok(()), None) => {}
            (Err(complaint), _) => self.report.complain(variant.exercise, [complaint]),
        }
    }

    pub(super) fn save(&self) {
        self.cache.save();
    }
}
