//! The starter of an exercise, into `work/`.

use std::fs;
use std::path::{Path, PathBuf};

use super::put::{Backup, failed, put};
use super::{Work, course_files, walk};
use crate::exercise::Exercise;

/// What `start` has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Started {
    /// It is there now.
    New,
    /// It was there, and is as it was.
    Before,
    /// It was there in part: what was missing has come.
    Repaired,
}

/// Puts an exercise into `work/`. What is there already stays.
///
/// # Errors
/// A sentence: what cannot be read or written, and why.
pub(crate) fn start(work: &Work, exercise: &Exercise) -> Result<Started, String> {
    work.make()?;
    let _alone = work.alone();
    let place = work.place(exercise);
    if fs::symlink_metadata(&place).is_err() {
        let new = copy(work, exercise)?;
        return match fs::rename(&new, &place).map_err(failed("made", &place)) {
            Ok(()) => Ok(Started::New),
            // Somebody else was faster: what is there stays.
            Err(_) if place.is_dir() => {
                fs::remove_dir_all(&new).map_err(failed("removed", &new))?;
                Ok(Started::Before)
            }
            Err(error) => Err(error),
        };
    }
    if !place.is_dir() {
        let place = work.shown(&place);
        return Err(format!("{place} is no folder, and the exercise needs one: move it away"));
    }
    let whole = work.has(exercise);
    let mut backup = Backup::of(work.folder(), &exercise.name);
    for file in starter_files(&exercise.folder)? {
        let to = place.join(&file);
        if fs::symlink_metadata(&to).is_err() {
            put(&exercise.folder.join(&file), &to, &file, &mut backup)?;
        }
    }
    if !work.has(exercise) {
        let source = work.shown(&work.source(exercise));
        return Err(format!("{source} is no file: move it away, and start again"));
    }
    Ok(if whole { Started::Before } else { Started::Repaired })
}

/// Puts the starter in place of what is there. Gives where that is kept now, if there was any.
///
/// # Errors
/// As [`start`].
pub(crate) fn reset(work: &Work, exercise: &Exercise) -> Result<Option<PathBuf>, String> {
    work.make()?;
    let _alone = work.alone();
    let place = work.place(exercise);
    // First the new one, which may not fit on the disk, then the old one away.
    let new = copy(work, exercise)?;
    let mut backup = Backup::of(work.folder(), &exercise.name);
    if fs::symlink_metadata(&place).is_ok() {
        backup.keep(&place, Path::new(&exercise.name))?;
    }
    fs::rename(&new, &place).map_err(failed("made", &place))?;
    Ok(backup.kept().map(|(folder, file)| folder.join(file)))
}

/// A copy of the whole starter beside its place.
fn copy(work: &Work, exercise: &Exercise) -> Result<PathBuf, String> {
    let place = work.place(exercise);
    let day = place.parent().unwrap_or(work.folder());
    if fs::symlink_metadata(day).is_ok() && !day.is_dir() {
        return Err(format!("{} is no folder: move it away", work.shown(day)));
    }
    let new = day.join(format!(".{}.new", exercise.name));
    // Left there by one that was killed.
    if fs::symlink_metadata(&new).is_ok() {
        fs::remove_dir_all(&new).map_err(failed("removed", &new))?;
    }
    let copied = fill(exercise, &new);
    if copied.is_err() {
        // The failure that is reported is the first one.
        let _ = fs::remove_dir_all(&new);
    }
    copied.map(|()| new)
}

fn fill(exercise: &Exercise, new: &Path) -> Result<(), String> {
    fs::create_dir_all(new).map_err(failed("made", new))?;
    let mut backup = Backup::of(new, "never");
    let mut files = starter_files(&exercise.folder)?;
    files.extend(course_files(&exercise.folder)?);
    for file in files {
        put(&exercise.folder.join(&file), &new.join(&file), &file, &mut backup)?;
    }
    Ok(())
}

/// What becomes the learner's.
fn starter_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    walk(folder, Path::new("src"), &mut files)?;
    Ok(files)
}
