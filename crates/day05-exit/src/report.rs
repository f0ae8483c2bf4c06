//! A program that has to stop half-way.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use cli::Outcome;

/// A lock file: it is there while somebody writes.
struct Lock(PathBuf);

impl Lock {
    fn take(path: PathBuf) -> Outcome<Self> {
        File::create_new(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Writes a line of the report and finds out that it cannot go on.
pub(crate) fn write(dir: &Path) -> Outcome {
    let _lock = Lock::take(dir.join("lock"))?;
    let mut report = BufWriter::new(File::create(dir.join("report"))?);
    writeln!(report, "the first line")?;
    // Only main turns an error into a status. On the way there everything is dropped: the
    // buffer writes itself, the lock is given back.
    Err("there is no second line".into())
}
