//! What came out well the last time: a program that has not been built anew since is not run again.
//! One line for each in a file beside the variants; losing it costs time and nothing else.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Package → what its program was like.
#[derive(Debug)]
pub(super) struct Cache {
    file: PathBuf,
    good: HashMap<String, String>,
}

impl Cache {
    /// As it was left; `again` forgets it.
    pub(super) fn of(folder: &Path, again: bool) -> Self {
        let file = folder.join("results");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let lines = text.lines().filter_map(|line| line.split_once(' ')).filter(|_| !again);
        let good = lines.map(|(package, stamp)| (package.into(), stamp.into())).collect();
        Self { file, good }
    }

    /// Whether this very program came out well.
    pub(super) fn has(&self, package: &str, tests: &Path) -> bool {
        self.good.get(package).is_some_and(|good| stamp(tests).as_ref() == Some(good))
    }

    /// It did.
    pub(super) fn add(&mut self, package: &str, tests: &Path) {
        if let Some(stamp) = stamp(tests) {
            self.good.insert(package.into(), stamp);
        }
    }

    /// Keeps it for the next time.
    pub(super) fn save(&self) {
        let mut lines: Vec<_> =
            self.good.iter().map(|(package, stamp)| format!("{package} {stamp}\n")).collect();
        lines.sort();
        // Without it the next time takes longer.
        let _ = fs::write(&self.file, lines.concat());
    }
}

fn stamp(tests: &Path) -> Option<String> {
    let file = tests.metadata().ok()?;
    let name = tests.file_name()?.to_string_lossy();
    Some(format!("{} {} {} {name}", file.mtime(), file.mtime_nsec(), file.size()))
}
