//! Why a name leads to nothing.

use std::fmt;

use syscall::Errno;

/// The result of looking for a name.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a name leads to nothing that may be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is no name for something beneath a folder: empty, absolute, with `..` or a NUL in it, or
    /// too long for the file system (ENAMETOOLONG).
    BadName,
    /// Nothing has this name (ENOENT), or a part of it is no folder (ENOTDIR).
    NotFound,
    /// A symbolic link on its way leads out of the folder (EXDEV), leads round in circles, or is one
    /// of /proc's that are no paths (ELOOP). Without openat2: any symbolic link.
    Outside,
    /// It is a folder, where a file was asked for.
    Folder,
    /// It is a device, a FIFO or a socket.
    NotOrdinary,
    /// The file system's permissions forbid it (EACCES, EPERM).
    Denied,
    /// Anything else, such as EMFILE.
    Call(syscall::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadName => "this is no name of a file here",
            Self::NotFound => "there is no such file",
            Self::Outside => "a symbolic link leads out of the folder",
            Self::Folder => "this is a folder",
            Self::NotOrdinary => "this is not an ordinary file",
            Self::Denied => "permission denied",
            Self::Call(error) => return error.fmt(f),
        })
    }
}

impl std::error::Error for Error {}

impl From<syscall::Error> for Error {
    fn from(error: syscall::Error) -> Self {
        match error.errno() {
            Errno::ENAMETOOLONG => Self::BadName,
            Errno::ENOENT | Errno::ENOTDIR => Self::NotFound,
            Errno::EXDEV | Errno::ELOOP => Self::Outside,
            Errno::EACCES | Errno::EPERM => Self::Denied,
            _ => Self::Call(error),
        }
    }
}
