//! What was done so far: `work/progress`, one line for each thing, such as `demo day04-poll`.
//!
//! - The file is the learner's: readable, and a line that this version does not know is kept as
//!   it is. A missing file means that nothing was done.
//! - A new version of it is written beside it and renamed over it, so that a reader, or a full
//!   disk, never meets half a file. A lock on the folder makes two runs that end at the same
//!   moment take turns.
//! - Losing it must not spoil a lesson: what goes wrong is a warning.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// The names of the demos that were run.
pub(crate) fn done(root: &Path) -> HashSet<String> {
    match read(root) {
        Ok(text) => demos(&text),
        Err(error) => {
            warn(&format!("work/progress cannot be read, so nothing counts as run: {error}"));
            HashSet::new()
        }
    }
}

/// Remembers that this demo was run.
pub(crate) fn remember(root: &Path, demo: &str) {
    if let Err(error) = add(root, demo) {
        warn(&format!("work/progress cannot be written, so this run is forgotten: {error}"));
    }
}

fn read(root: &Path) -> io::Result<Vec<u8>> {
    match fs::read(root.join("work/progress")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

fn add(root: &Path, demo: &str) -> io::Result<()> {
    let folder = root.join("work");
    fs::create_dir_all(&folder)?;
    let lock = File::open(&folder)?;
    // Some network file systems cannot lock a folder: better written without than not at all.
    let _ = lock.lock();
    let mut text = read(root)?;
    if demos(&text).contains(demo) {
        return Ok(());
    }
    if text.last().is_some_and(|&last| last != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(format!("demo {demo}\n").as_bytes());
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

fn demos(text: &[u8]) -> HashSet<String> {
    let lines = text.split(|&byte| byte == b'\n');
    let names = lines.filter_map(|line| line.strip_prefix(b"demo "));
    names.map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned()).collect()
}

fn warn(sentence: &str) {
    // When standard error is gone too, nobody is left to be told.
    let _ = writeln!(io::stderr(), "course: {sentence}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(before: &[u8], demo: &str) -> Vec<u8> {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("work/progress");
        fs::create_dir(root.path().join("work")).unwrap();
        fs::write(&file, before).unwrap();
        add(root.path(), demo).unwrap();
        assert!(!root.path().join("work/progress.new").exists());
        fs::read(file).unwrap()
    }

    #[test]
    fn a_missing_file_is_made_and_a_demo_stands_in_it_once() {
        let root = tempfile::tempdir().unwrap();
        assert!(done(root.path()).is_empty());
        for demo in ["day04-poll", "day01-names", "day04-poll"] {
            add(root.path(), demo).unwrap();
        }
        assert_eq!(read(root.path()).unwrap(), b"demo day04-poll\ndemo day01-names\n");
        assert_eq!(done(root.path()), HashSet::from(["day04-poll".into(), "day01-names".into()]));
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
                scope.spawn(|| add(root.path(), name).unwrap());
            }
        });
        assert_eq!(done(root.path()), names.into_iter().collect());
    }
}
