//! What an exercise is tried with: its starter, its solution, the wrong answers that it knows, and
//! two that fit every exercise, a constant and another exercise's starter.

use std::fs;
use std::path::{Path, PathBuf};

use super::constant;
use crate::exercise::Exercise;
use crate::work::failed;

/// Who gives the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Starter,
    Solution,
    /// The name of its file; what the tests must say about it.
    Trap(String, Vec<String>),
    /// The starter, giving nothing instead of panicking.
    Constant,
    /// The starter of this exercise.
    Other(String),
}

/// One answer to one exercise, as a package of its own.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// The exercise's place in the list.
    pub(super) exercise: usize,
    pub(super) kind: Kind,
    pub(super) package: String,
    pub(super) text: String,
}

impl Variant {
    /// Its file, as it is called in the exercise.
    pub(super) fn file(&self) -> String {
        match &self.kind {
            Kind::Starter => "src/lib.rs".into(),
            Kind::Solution => "solution/lib.rs".into(),
            Kind::Trap(name, _) => format!("traps/{name}.rs"),
            Kind::Constant => "a constant answer".into(),
            Kind::Other(name) => format!("the starter of {name}"),
        }
    }

    /// It was not written for this exercise, so that it may not compile.
    pub(super) fn may_be_unfit(&self) -> bool {
        matches!(self.kind, Kind::Constant | Kind::Other(_))
    }
}

/// All of them for the exercise at this place, and what is missing among them.
pub(super) fn all(exercises: &[Exercise], at: usize) -> (Vec<Variant>, Vec<String>) {
    let exercise = &exercises[at];
    let (mut variants, mut complaints) = (Vec::new(), Vec::new());
    let mut add = |kind: Kind, tail: &str, text: String| {
        let package = format!("{}--{}", exercise.name, tail.replace('_', "-"));
        variants.push(Variant { exercise: at, kind, package, text });
    };
    let read = |path: &Path| fs::read_to_string(path).map_err(failed("read", path));
    match read(&exercise.folder.join("src/lib.rs")) {
        Err(error) => complaints.push(error),
        Ok(starter) => {
            if let Some(constant) = constant::of(&starter) {
                add(Kind::Constant, "constant", constant);
            } else {
                complaints.push("src/lib.rs has no todo!(): what is left to do?".into());
            }
            if let Some((other, text)) = fitting(exercises, at, &starter) {
                add(Kind::Other(other), "other", text);
            }
            add(Kind::Starter, "starter", starter);
        }
    }
    match read(&exercise.folder.join("solution/lib.rs")) {
        Ok(solution) => add(Kind::Solution, "solution", solution),
        Err(error) => complaints.push(error),
    }
    let traps = traps(&exercise.folder.join("traps"));
    if traps.len() < 3 {
        complaints.push(format!("there are {} files in traps, not at least 3", traps.len()));
    }
    for path in traps {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match read(&path) {
            Err(error) => complaints.push(error),
            Ok(text) => {
                let expect = text.lines().map_while(|line| line.strip_prefix("//! expect:"));
                let expect: Vec<_> = expect.map(|words| words.trim().to_owned()).collect();
                if expect.is_empty() || expect.iter().any(String::is_empty) {
                    let wanted = "does not begin with '//! expect: WORDS'";
                    complaints.push(format!("traps/{name}.rs {wanted}"));
                }
                let tail = format!("trap-{name}");
                add(Kind::Trap(name, expect), &tail, text);
            }
        }
    }
    (variants, complaints)
}

fn traps(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut traps: Vec<_> = entries.map(|entry| entry.path()).collect();
    traps.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    traps.sort();
    traps
}

/// Another exercise's starter that has all the public functions of this one.
fn fitting(exercises: &[Exercise], at: usize, starter: &str) -> Option<(String, String)> {
    let wanted = signatures(starter);
    let others = exercises.iter().enumerate().filter(|(other, _)| *other != at);
    others.map(|(_, other)| other).find_map(|other| {
        let text = fs::read_to_string(other.folder.join("src/lib.rs")).ok()?;
        let has = signatures(&text);
        let fits = !wanted.is_empty() && wanted.iter().all(|signature| has.contains(signature));
        fits.then(|| (other.name.clone(), text))
    })
}

fn signatures(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| line.starts_with("pub fn ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_with_the_same_functions_fits() {
        assert_eq!(signatures("//! x\n\n  pub fn a() {\nfn b() {"), ["pub fn a() {"]);
        assert_eq!(fitting(&[Exercise::default()], 0, "pub fn a() {"), None);
    }
}
