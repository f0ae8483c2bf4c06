//! What a name leads to, before it is opened.

use std::fs::{File, Metadata};
use std::os::fd::AsRawFd as _;

use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use syscall::{Context as _, Errno, retry};

use crate::{Dir, Error, Result};

/// Something beneath the folder that was looked at and not opened: whoever keeps a file and wants
/// to know whether it is still this one need not open it again.
#[derive(Debug)]
pub struct Found {
    /// It opens nothing (O_PATH).
    at: File,
    metadata: Metadata,
}

impl Dir {
    /// What the name leads to: a file, a folder or something else.
    ///
    /// # Errors
    /// Each of [`Error`] but [`Error::Folder`] and [`Error::NotOrdinary`].
    pub fn find(&self, name: &[u8]) -> Result<Found> {
        let (at, metadata) = self.look(name)?;
        Ok(Found { at, metadata })
    }
}

impl Found {
    /// What it was when it was looked at.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The ordinary file, for reading: the one that was looked at, whatever has its name by now.
    ///
    /// # Errors
    /// [`Error::Folder`], [`Error::NotOrdinary`], [`Error::Denied`], EMFILE and others of open(2);
    /// EWOULDBLOCK while another program has a lease on it (fcntl(2)).
    pub fn open(&self) -> Result<File> {
        if self.metadata.is_dir() {
            return Err(Error::Folder);
        }
        if !self.metadata.is_file() {
            return Err(Error::NotOrdinary);
        }
        // /proc's link is the descriptor itself, no path.
        let path = format!("/proc/self/fd/{}", self.at.as_raw_fd());
        // Not to wait for somebody's lease on it; the flag means nothing to reads of a file.
        let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
        let opened = retry(|| open(path.as_str(), flags, Mode::empty())).call_on("open", &path);
        opened.map(File::from).map_err(|error| match error.errno() {
            // The file is there, we hold it; what is missing is /proc.
            Errno::ENOENT => Error::Call(error),
            _ => error.into(),
        })
    }
}
