//! From a name to a descriptor, by the kernel's one call or by the long way round.

use std::ffi::OsStr;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;

use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat, openat2};
use nix::sys::stat::Mode;
use syscall::{Context as _, Errno, Result, retry};

/// How often a resolution is begun again that a rename elsewhere has disturbed (EAGAIN).
const TRIES: u32 = 128;

/// A descriptor that opens nothing. `flags` may add O_DIRECTORY.
///
/// # Errors
/// EXDEV: it leads out. ELOOP: a link that is no path, or too many. And those of open(2).
pub(crate) fn beneath(folder: BorrowedFd<'_>, name: &[u8], flags: OFlag) -> Result<OwnedFd> {
    let name = OsStr::from_bytes(name);
    let how = OpenHow::new()
        .flags(OFlag::O_PATH | OFlag::O_CLOEXEC | flags)
        .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_MAGICLINKS);
    let mut tries = 0;
    loop {
        tries += 1;
        match retry(|| openat2(folder, name, how)) {
            // A `..` in a link while something, somewhere, is renamed: the kernel cannot tell
            // whether it stays inside, and says so instead of waiting.
            Err(Errno::EAGAIN) if tries < TRIES => {}
            // It opens nothing, so EPERM is never the file's: a filter does not know the call.
            Err(Errno::ENOSYS | Errno::EPERM) => return walk(folder, name.as_bytes(), flags),
            done => return done.call("openat2"),
        }
    }
}

/// One part after the other, each from the descriptor of the one before, and no symbolic link.
/// What a folder is swapped for in the meantime is never looked at again.
fn walk(folder: BorrowedFd<'_>, name: &[u8], flags: OFlag) -> Result<OwnedFd> {
    let step = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let open = |at: BorrowedFd<'_>, part: &[u8], flags| {
        retry(|| openat(at, OsStr::from_bytes(part), flags, Mode::empty())).call("openat")
    };
    let mut here = open(folder, b".", step | OFlag::O_DIRECTORY)?;
    let mut parts = name.split(|&byte| byte == b'/').peekable();
    while let Some(part) = parts.next() {
        // O_PATH and O_NOFOLLOW open a link itself, which is neither a folder nor a file.
        let more = if parts.peek().is_some() { OFlag::O_DIRECTORY } else { flags };
        if !part.is_empty() && part != b"." {
            here = open(here.as_fd(), part, step | more)?;
        }
    }
    Ok(here)
}
