//! What lies in the folder.

use std::fs::Metadata;
use std::os::fd::AsFd as _;

use nix::dir::Dir as Listing;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use syscall::{Context as _, retry};

use crate::{Dir, Error, Result};

/// One thing in a folder.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, as the file system has it: any bytes but NUL and `/`.
    pub name: Vec<u8>,
    /// What it is; of a symbolic link, what that leads to.
    pub metadata: Metadata,
}

impl Dir {
    /// Everything in the folder that a name leads to, in no order: files, folders and also devices,
    /// but neither links that lead out or nowhere, nor what vanishes meanwhile.
    ///
    /// # Errors
    /// [`Error::Denied`]: the folder must not be read. [`Error::NotFound`]: it was removed.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let mut found = Vec::new();
        for name in self.names()? {
            match self.look(&name) {
                Ok((_, metadata)) => found.push(Entry { name, metadata }),
                Err(Error::Call(error)) => return Err(error.into()),
                Err(_) => {}
            }
        }
        Ok(found)
    }

    /// The names alone, in no order, without a look at what they stand for. `.` and `..` are none.
    ///
    /// # Errors
    /// As [`Dir::entries`].
    pub fn names(&self) -> Result<Vec<Vec<u8>>> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let open = || Listing::openat(self.as_fd(), ".", flags, Mode::empty());
        let mut names = Vec::new();
        for entry in retry(open).call("openat")?.iter() {
            let name = entry.call("getdents64")?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(name);
            }
        }
        // readdir(3) takes the kernel's ENOENT for the end. What was removed is empty.
        if names.is_empty() && self.is_removed()? {
            return Err(Error::NotFound);
        }
        Ok(names)
    }
}
