//! What is served: files in a temporary directory.

use std::fs::{self, File};
use std::path::PathBuf;

use cli::Outcome;
use tempfile::TempDir;

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// 1 KiB.
    Small,
    /// 10 MiB.
    Large,
    /// 1 GiB. It has no blocks on the disk: they would be written while others are measured. Once
    /// read, it is in the page cache like any other.
    Huge,
}

#[derive(Debug)]
pub(crate) struct Files {
    temporary: TempDir,
    large: Vec<u8>,
    huge: u64,
}

impl Name {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
            Self::Huge => "huge",
        }
    }
}

impl Files {
    pub(crate) fn new(large: usize, huge: u64) -> Outcome<Self> {
        let temporary = tempfile::Builder::new().prefix("bench-http-").tempdir()?;
        // Letters: hyper answers with them, too.
        let mut random = fastrand::Rng::with_seed(9);
        let large = (0..large).map(|at| if at < 1024 { b'x' } else { random.u8(..) }).collect();
        let files = Self { temporary, large, huge };
        fs::create_dir(files.folder())?;
        for name in [Name::Small, Name::Large] {
            fs::write(files.folder().join(name.text()), files.content(name))?;
        }
        File::create(files.folder().join(Name::Huge.text()))?.set_len(huge)?;
        Ok(files)
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.temporary.path().join("files")
    }

    pub(crate) fn length(&self, name: Name) -> u64 {
        match name {
            Name::Huge => self.huge,
            name => self.content(name).len() as u64,
        }
    }

    /// What is in it; of the huge one, nobody looks.
    pub(crate) fn content(&self, name: Name) -> &[u8] {
        match name {
            Name::Small => &self.large[..1024],
            Name::Large => &self.large,
            Name::Huge => &[],
        }
    }
}
