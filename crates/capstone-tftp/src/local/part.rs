//! The part of a download that has come: a hidden file beside the one that it will become.
//!
//! `.NAME.VERSION.part`: its name says which content it is the beginning of, so that the rest is
//! asked for and nothing else is stuck to it. That holds for a client that was killed, too: nothing
//! has to be written down at the end. While somebody writes to it, it is locked (flock(2)).

mod others;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use nix::fcntl::{AT_FDCWD, OFlag, RenameFlags, renameat2};
use syscall::Errno;

use super::exists;

/// The longest name that a file can have (NAME_MAX), in bytes.
const NAME_MAX: usize = 255;

/// A file that is coming.
#[derive(Debug)]
pub struct Part {
    target: PathBuf,
    path: PathBuf,
    file: File,
    /// Whether what has come is worth something when the rest does not.
    kept: bool,
}

impl Part {
    /// The beginning of this version of the file, which an earlier download may have left; it goes
    /// on at its end.
    ///
    /// # Errors
    /// `ResourceBusy`: another download of the same file is under way. Those of open(2).
    pub fn of_version(target: &Path, version: &[u8]) -> io::Result<Self> {
        let mut mark = String::new();
        for byte in version {
            // Writing to a String cannot fail.
            let _ = write!(mark, "{byte:02x}");
        }
        Self::open(target, &mark, true)
    }

    /// A file that cannot be gone on with later: nothing of it is left when it is dropped.
    ///
    /// # Errors
    /// Those of open(2).
    pub fn of_no_version(target: &Path) -> io::Result<Self> {
        let part = Self::open(target, &std::process::id().to_string(), false)?;
        // One that was killed may have had the same number.
        part.clear()?;
        Ok(part)
    }

    fn open(target: &Path, mark: &str, kept: bool) -> io::Result<Self> {
        let path = beside(target, mark);
        loop {
            // No link: it would lead to where somebody else wants us to write.
            let flags = (OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits();
            let mut options = OpenOptions::new();
            let file = options.append(true).create(true).custom_flags(flags).open(&path)?;
            if !file.metadata()?.is_file() {
                return Err(io::Error::other("a file of ours is none"));
            }
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {
                    let why = "another download of it is under way";
                    return Err(io::Error::new(io::ErrorKind::ResourceBusy, why));
                }
            }
            // Between our open and our lock another download may have finished with this file.
            let ours = file.metadata()?;
            let is_ours =
                |there: fs::Metadata| (there.dev(), there.ino()) == (ours.dev(), ours.ino());
            if fs::symlink_metadata(&path).is_ok_and(is_ours) {
                let target = target.to_owned();
                return Ok(Self { target, path, file, kept });
            }
        }
    }

    /// How many bytes are there.
    ///
    /// # Errors
    /// EIO.
    pub fn size(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Another beginning: what is there was of no use.
    ///
    /// # Errors
    /// EIO.
    pub fn clear(&self) -> io::Result<()> {
        self.file.set_len(0)
    }

    /// What has come, to be read.
    ///
    /// # Errors
    /// Those of open(2).
    pub fn reader(&self) -> io::Result<File> {
        File::open(&self.path)
    }

    /// It is whole: gives it its name, in one step, and removes the beginnings of other versions. Without `overwrite` it does not take the place of
    /// another file, even of one that is made at this very moment.
    ///
    /// # Errors
    /// `AlreadyExists`: what has come is kept. Those of rename(2).
    pub fn finish(self, overwrite: bool) -> io::Result<()> {
        self.take_name(overwrite)?;
        others::remove(&self.target);
        Ok(())
    }

    fn take_name(&self, overwrite: bool) -> io::Result<()> {
        if overwrite {
            return fs::rename(&self.path, &self.target);
        }
        let renamed =
            renameat2(AT_FDCWD, &self.path, AT_FDCWD, &self.target, RenameFlags::RENAME_NOREPLACE);
        match renamed {
            Err(Errno::EEXIST) => Err(exists()),
            // This file system cannot do that (NFS), and a second name has the same guarantee.
            Err(Errno::EINVAL | Errno::ENOSYS) => match fs::hard_link(&self.path, &self.target) {
                Ok(()) => fs::remove_file(&self.path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
                Err(error) => Err(error),
            },
            renamed => Ok(renamed?),
        }
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After a rename there is nothing of this name, or somebody else's beginning, which is
        // locked by him; ours still is by us.
        let is_ours =
            |there: fs::Metadata| self.file.metadata().is_ok_and(|ours| ours.ino() == there.ino());
        let is_empty = self.size().is_ok_and(|size| size == 0);
        if (!self.kept || is_empty) && fs::symlink_metadata(&self.path).is_ok_and(is_ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// `.NAME.MARK.part`, the name cut where it would be too long.
fn beside(target: &Path, mark: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().as_bytes();
    let rest = format!(".{mark}.part");
    let room = NAME_MAX - 1 - rest.len().min(NAME_MAX - 1);
    let mut hidden = vec![b'.'];
    hidden.extend_from_slice(&name[..name.len().min(room)]);
    hidden.extend_from_slice(rest.as_bytes());
    target.with_file_name(OsString::from_vec(hidden))
}

#[cfg(test)]
mod tests;
