//! The name of a segment, and the file that it means.

use std::fs::File;
use std::path::{Path, PathBuf};

use nix::sys::stat::{fstat, lstat};
use syscall::{Context as _, Errno, Error, Result};

/// Where Linux keeps them; shm_open(3) puts it before the name.
pub(super) const FOLDER: &str = "/dev/shm";
/// A name as shm_open(3) wants it: no slash inside, 1 to 254 bytes. The slash in front may be
/// left out.
#[derive(Clone, Debug)]
pub(super) struct Name(String);

impl Name {
    pub(super) fn new(name: &str) -> Result<Self> {
        let bare = name.strip_prefix('/').unwrap_or(name);
        let refused = |errno| Err(Error::new("shm_open", errno).on(name.escape_debug()));
        if bare.is_empty() || [".", ".."].contains(&bare) || bare.contains(['/', '\0']) {
            return refused(Errno::EINVAL);
        }
        if bare.len() > 254 {
            return refused(Errno::ENAMETOOLONG);
        }
        Ok(Self(format!("/{bare}")))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn path(&self) -> PathBuf {
        Path::new(FOLDER).join(&self.0[1..])
    }

    /// True while the name means this very file.
    pub(super) fn means(&self, file: &File) -> Result<bool> {
        let ours = fstat(file).call("fstat")?;
        match lstat(&self.path()) {
            Ok(now) => Ok((now.st_dev, now.st_ino) == (ours.st_dev, ours.st_ino)),
            Err(Errno::ENOENT) => Ok(false),
            Err(errno) => Err(Error::new("lstat", errno).on(&self.0)),
        }
    }
}
