//! What was done so far: `work/progress`, one line for each thing, such as `demo day04-poll`
//! (`lines`).
//!
//! - The file is the learner's: readable, and a line that this version does not know is kept as
//!   it is. A missing file means that nothing was done.
//! - A new version of it is written beside it and renamed over it, so that a reader, or a full
//!   disk, never meets half a file. A lock on the folder makes two runs that end at the same
//!   moment take turns.
//! - Losing it must not spoil a lesson: what goes wrong is a warning.

mod lines;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

pub(crate) use self::lines::{Done, Fact};

/// What was done.
pub(crate) fn done(root: &Path) -> Done {
    match read(root) {
        Ok(text) => {
            let done = Done::read(&text);
            if done == Done::default() && !text.trim_ascii().is_empty() {
                warn("no line of work/progress is one that is known here; all of it is kept");
            }
            done
        }
        Err(error) => {
            warn(&format!("work/progress cannot be read, so nothing counts as done: {error}"));
            Done::default()
        }
    }
}

/// Remembers it.
pub(crate) fn remember(root: &Path, fact: Fact<'_>) {
    if let Err(error) = add(root, fact) {
        warn(&format!("work/progress cannot be written, so this is forgotten: {error}"));
    }
}

fn read(root: &Path) -> io::Result<Vec<u8>> {
    match fs::read(root.join("work/progress")) {
        Err(error) if is_missing(&error) => Ok(Vec::new()),
        read => read,
    }
}

/// A file that stands where the folder should be has no progress in it either.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn add(root: &Path, fact: Fact<'_>) -> io::Result<()> {
    let folder = root.join("work");
    fs::create_dir_all(&folder)?;
    let lock = File::open(&folder)?;
    // Some network file systems cannot lock a folder: better written without than not at all.
    let _ = lock.lock();
    let Some(text) = lines::with(&read(root)?, fact) else { return Ok(()) };
    let new = folder.join("progress.new");
    replace(&new, &text, &folder.join("progress")).inspect_err(|_| {
        // The failure that is reported is the first one; this one only leaves a file behind.
        let _ = fs::remove_file(&new);
    })
}

fn replace(new: &Path, text: &[u8], old: &Path) -> io::Result<()> {
    let mut file = File::create(new)?;
    file.write_all(text)?;
    // Before the rename, or a crash could leave the new name with nothing in it.
    file.sync_all()?;
    fs::rename(new, old)
}

fn warn(sentence: &str) {
    // When standard error is gone too, nobody is left to be told.
    let _ = writeln!(io::stderr(), "course: {sentence}");
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn written(before: &[u8], demo: &str) -> Vec<u8> {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("work/progress");
        fs::create_dir(root.path().join("work")).unwrap();
        fs::write(&file, before).unwrap();
        add(root.path(), Fact::Demo(demo)).unwrap();
        assert!(!root.path().join("work/progress.new").exists());
        fs::read(file).unwrap()
    }

    #[test]
    fn a_missing_file_is_made_and_a_demo_stands_in_it_once() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(done(root.path()), Done::default());
        for demo in ["day04-poll", "day01-names", "day04-poll"] {
            add(root.path(), Fact::Demo(demo)).unwrap();
        }
        assert_eq!(read(root.path()).unwrap(), b"demo day04-poll\ndemo day01-names\n");
        assert_eq!(
            done(root.path()).demos,
            HashSet::from(["day04-poll".into(), "day01-names".into()])
        );
    }

    #[test]
    fn lines_of_other_versions_are_kept_byte_for_byte() {
        let before = b"# mine \xff\r\nexercise poll-echo pass\n\ndemo old";
        let after = b"# mine \xff\r\nexercise poll-echo pass\n\ndemo old\ndemo new\n";
        assert_eq!(written(before, "new"), after);
        assert_eq!(written(b"demo new  \n", "new"), b"demo new  \n");
        assert_eq!(written(b"demo newer\nexercise new\n", "new").len(), 33);
    }

    #[test]
    fn many_at_once_lose_none() {
        let root = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..16).map(|n| format!("day{n}")).collect();
        std::thread::scope(|scope| {
            for name in &names {
                scope.spawn(|| add(root.path(), Fact::Demo(name)).unwrap());
            }
        });
        assert_eq!(done(root.path()).demos, names.into_iter().collect());
    }
}
