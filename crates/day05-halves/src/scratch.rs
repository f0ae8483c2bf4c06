//! A directory of our own that goes away with its owner.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> io::Result<Self> {
        let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
        let name = format!("day05-halves-{}-{now}", std::process::id());
        let path = std::env::temp_dir().join(name);
        // Fails when the name is taken, whoever has taken it.
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // There is nobody to tell if it fails.
        let _ = fs::remove_dir_all(&self.0);
    }
}
