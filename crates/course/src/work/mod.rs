//! `work/`: the learner's own workspace, which git ignores.
//!
//! - Of an exercise in it, `src` is the learner's, and nothing here ever writes over a file of it.
//!   The rest (`Cargo.toml`, `README.md`, `tests`) is the course's and is brought up to date; what
//!   was changed there is kept in `work/backup`.
//! - A file is written beside its place and renamed into it, a folder too: a full disk or a kill
//!   leaves nothing half made.
//! - Only what is whole is a member of the workspace, so that a folder in pieces, or one of the
//!   learner's own, is no trouble for the others.

pub(crate) mod manifest;
mod put;
mod start;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use self::put::{Backup, put};
pub(crate) use self::put::{failed, write};
pub(crate) use self::start::{Started, reset, start};
use crate::exercise::Exercise;

/// The learner's workspace.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    root: PathBuf,
    folder: PathBuf,
}

impl Work {
    /// That of the course in `root`.
    pub(crate) fn of(root: &Path) -> Self {
        Self { root: root.into(), folder: root.join("work") }
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where an exercise lies once it was started.
    pub(crate) fn place(&self, exercise: &Exercise) -> PathBuf {
        self.folder.join(exercise.place())
    }

    /// The file to edit.
    pub(crate) fn source(&self, exercise: &Exercise) -> PathBuf {
        self.place(exercise).join("src/lib.rs")
    }

    /// Whether there is something to check.
    pub(crate) fn has(&self, exercise: &Exercise) -> bool {
        self.source(exercise).is_file()
    }

    /// The names of those that were started.
    pub(crate) fn started(&self, exercises: &[Exercise]) -> Vec<String> {
        let started = exercises.iter().filter(|exercise| self.has(exercise));
        started.map(|exercise| exercise.name.clone()).collect()
    }

    /// A path as it is best shown: from the folder of the course, when that is where we are.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let here = std::env::current_dir().is_ok_and(|here| here == self.root);
        let short = path.strip_prefix(&self.root).ok().filter(|_| here);
        short.unwrap_or(path).display().to_string()
    }

    /// Makes it a workspace of all that was started, with the course's own tests in it. Gives a
    /// sentence for each thing that was not as the course has it.
    ///
    /// # Errors
    /// A sentence: what cannot be read or written, and why.
    pub(crate) fn sync(&self, exercises: &[Exercise]) -> Result<Vec<String>, String> {
        self.make()?;
        let _alone = self.alone();
        let whole: Vec<_> = exercises.iter().filter(|exercise| self.has(exercise)).collect();
        let mut notes = Vec::new();
        let mut fresh = false;
        for exercise in &whole {
            fresh |= self.refresh(exercise, &mut notes)?;
        }
        manifest::write(&self.root, &self.folder, &whole, fresh)?;
        Ok(notes)
    }

    /// Puts what is the course's into place; whether the manifest is a new one.
    fn refresh(&self, exercise: &Exercise, notes: &mut Vec<String>) -> Result<bool, String> {
        let place = self.place(exercise);
        let mut backup = Backup::of(&self.folder, &exercise.name);
        let mut fresh = false;
        for file in course_files(&exercise.folder)? {
            let put = put(&exercise.folder.join(&file), &place.join(&file), &file, &mut backup)?;
            fresh |= put && file == Path::new("Cargo.toml");
        }
        if let Some((kept, files)) = backup.kept() {
            let what = self.shown(&place.join(files));
            let kept = self.shown(kept);
            notes.push(format!(
                "{what} was not the course's own: that is in place again, the other in {kept}"
            ));
        }
        Ok(fresh)
    }

    /// One at a time: a file on its way to its place has a name of its own, and that is the same for
    /// all. Some network file systems cannot lock a folder: then without.
    fn alone(&self) -> Option<File> {
        let folder = File::open(&self.folder).ok()?;
        folder.lock().ok().map(|()| folder)
    }

    fn make(&self) -> Result<(), String> {
        if fs::symlink_metadata(&self.folder).is_ok() && !self.folder.is_dir() {
            let folder = self.shown(&self.folder);
            return Err(format!("{folder} is no folder, and the exercises need one: move it away"));
        }
        fs::create_dir_all(&self.folder).map_err(failed("made", &self.folder))
    }
}

/// The files of an exercise that stay the course's.
fn course_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = vec!["Cargo.toml".into(), "README.md".into()];
    walk(folder, Path::new("tests"), &mut files)?;
    Ok(files)
}

/// All files below `folder/below`, as paths from `folder`, in the order of their names.
fn walk(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let path = folder.join(below);
    let entries = fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(failed("read", &path))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let below = below.join(entry.file_name());
        if entry.path().is_dir() {
            walk(folder, &below, files)?;
        } else {
            files.push(below);
        }
    }
    Ok(())
}
