//! Why the store says no.

use std::fmt;

use syscall::Errno;

/// Why the store says no. Its text is a sentence for the peer, without anything about this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Empty, with a `..` or a NUL in it, too long, or a name that the store needs for itself.
    BadName,
    /// There is no such file, or its folder does not exist.
    NotFound,
    /// A folder, a device, a FIFO, a socket; for an upload also a symbolic link.
    NotOrdinary,
    /// The file system's permissions forbid it, or it leads out of the folder.
    Denied,
    /// Uploads are switched off, or the file system is read-only (EROFS).
    ReadOnly,
    /// The name is taken, and uploads do not replace.
    Exists,
    /// Longer than [`super::Rules::longest`], or than the file system can hold (EFBIG).
    TooLarge,
    /// The folder has as many names as [`super::Rules::files`] allows.
    TooMany,
    /// ENOSPC, EDQUOT.
    Full,
    /// The folder itself has been removed.
    Gone,
    /// Anything else: EIO, EMFILE, ENOMEM.
    Io(Errno),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadName => "this is not a name for a file here",
            Self::NotFound => "there is no such file",
            Self::NotOrdinary => "this is not an ordinary file",
            Self::Denied => "permission denied",
            Self::ReadOnly => "files can be read here, not written",
            Self::Exists => "a file of this name exists",
            Self::TooLarge => "the file is too large",
            Self::TooMany => "there are too many files",
            Self::Full => "the disk is full, or a quota is used up",
            Self::Gone => "the folder has been removed",
            Self::Io(errno) => errno.desc(),
        })
    }
}

impl std::error::Error for Refusal {}

impl From<jail::Error> for Refusal {
    fn from(error: jail::Error) -> Self {
        match error {
            jail::Error::BadName => Self::BadName,
            jail::Error::NotFound => Self::NotFound,
            jail::Error::Outside | jail::Error::Denied => Self::Denied,
            jail::Error::Folder | jail::Error::NotOrdinary => Self::NotOrdinary,
            jail::Error::Call(error) => error.errno().into(),
        }
    }
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::ENAMETOOLONG => Self::BadName,
            Errno::ENOTDIR => Self::NotFound,
            Errno::EISDIR => Self::NotOrdinary,
            Errno::EACCES | Errno::EPERM => Self::Denied,
            Errno::EROFS => Self::ReadOnly,
            Errno::EEXIST => Self::Exists,
            Errno::EFBIG => Self::TooLarge,
            Errno::ENOSPC | Errno::EDQUOT => Self::Full,
            // Names are looked up by the jail; what is missing here is the place to put one.
            Errno::ENOENT => Self::Gone,
            errno => Self::Io(errno),
        }
    }
}
