//! The folder.

use std::fs::{File, Metadata};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use nix::fcntl::{OFlag, open};
use nix::sys::stat::{Mode, fstat};
use syscall::{Context as _, retry};

use crate::{Error, Result, name, resolve};

/// A folder that nobody leaves. The descriptor (close-on-exec) is of the folder, not of its path: it
/// stays the same folder when that is renamed, or replaced by another.
#[derive(Debug)]
pub struct Dir(OwnedFd);

impl Dir {
    /// The folder itself may be reached by any path and through any link: it is the operator's.
    ///
    /// # Errors
    /// ENOENT, ENOTDIR, EACCES on the way to it, and others of open(2).
    pub fn open(path: &Path) -> syscall::Result<Self> {
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let folder = retry(|| open(path, flags, Mode::empty()));
        folder.map(Self).call_on("open", path.display())
    }

    /// The ordinary file of this name beneath the folder, for reading, and what it was when it was
    /// opened. Opening it has no effect on anything and never waits.
    ///
    /// # Errors
    /// Each of [`Error`]; EWOULDBLOCK while another program has a lease on it (fcntl(2)).
    pub fn file(&self, name: &[u8]) -> Result<(File, Metadata)> {
        let found = self.find(name)?;
        Ok((found.open()?, found.metadata().clone()))
    }

    /// The folder of this name beneath the folder; `.` is the folder itself.
    ///
    /// # Errors
    /// Each of [`Error`] but those about files; [`Error::NotFound`] when it is no folder.
    pub fn directory(&self, name: &[u8]) -> Result<Self> {
        name::check(name)?;
        Ok(Self(resolve::beneath(self.as_fd(), name, OFlag::O_DIRECTORY)?))
    }

    /// Where something of this name would lie: its folder, and the last part of the name, which is
    /// resolved by nobody here. For calls that follow no link at the end: linkat, renameat,
    /// unlinkat, or openat with O_NOFOLLOW or O_EXCL.
    ///
    /// # Errors
    /// As [`Dir::directory`], and [`Error::BadName`] for a name that ends in a slash.
    pub fn place<'name>(&self, name: &'name [u8]) -> Result<(Self, &'name [u8])> {
        let (folder, last) = name::split(name)?;
        Ok((self.directory(folder)?, last))
    }

    /// Whether somebody has removed it. Nothing can be put there any more; what file systems say to
    /// an attempt differs (ENOENT, ext4 also EPERM).
    ///
    /// # Errors
    /// EIO and others of fstat(2).
    pub fn is_removed(&self) -> Result<bool> {
        Ok(fstat(self).call("fstat")?.st_nlink == 0)
    }

    /// What the name leads to, without opening it.
    pub(crate) fn look(&self, name: &[u8]) -> Result<(File, Metadata)> {
        name::check(name)?;
        let found = File::from(resolve::beneath(self.as_fd(), name, OFlag::empty())?);
        let metadata = found.metadata().call("statx")?;
        // It is one that the way without openat2 does not follow.
        if metadata.is_symlink() { Err(Error::Outside) } else { Ok((found, metadata)) }
    }
}

impl AsFd for Dir {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
