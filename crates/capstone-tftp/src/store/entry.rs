//! Files, as peers learn of them.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::time::SystemTime;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, as the file system has it. Not to be shown as it is: it may hold anything.
    pub name: Vec<u8>,
    /// Bytes.
    pub size: u64,
    /// When its content was changed last.
    pub modified: SystemTime,
}

impl From<jail::Entry> for Entry {
    fn from(found: jail::Entry) -> Self {
        // Every file system of Linux knows the time; std asks for other systems' sake.
        let modified = found.metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Self { name: found.name, size: found.metadata.size(), modified }
    }
}

/// A file that is being read.
#[derive(Debug)]
pub struct Reading {
    /// At its beginning. It stays this file, whatever happens to its name.
    pub file: File,
    /// Its length when it was opened. A program that writes into the file itself may change it.
    pub size: u64,
    /// Which content this is.
    pub version: Version,
}

/// Which content a name stood for, so that the rest of an interrupted download is of the same file.
///
/// It holds the time of the last change of the inode (ctime) and not that of the content (mtime),
/// which any program may set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    device: u64,
    inode: u64,
    size: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Version {
    /// How many bytes [`Version::to_bytes`] gives.
    pub const LEN: usize = 40;

    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            seconds: metadata.ctime(),
            nanoseconds: metadata.ctime_nsec(),
        }
    }

    /// For a peer that brings it back later, and shall read nothing into it.
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let fields = [
            self.device.to_be_bytes(),
            self.inode.to_be_bytes(),
            self.size.to_be_bytes(),
            self.seconds.to_be_bytes(),
            self.nanoseconds.to_be_bytes(),
        ];
        let mut bytes = [0; Self::LEN];
        bytes.as_chunks_mut().0.copy_from_slice(&fields);
        bytes
    }
}
