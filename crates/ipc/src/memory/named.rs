//! A segment with a name (shm_overview(7)): how it appears, and how it is told that it is dead.
//!
//! **It appears whole.** The file is made without a name (O_TMPFILE, open(2)), gets its size, its
//! locks and its content, and then its name (linkat(2)), which fails when the name is taken. Nobody
//! ever opens half a segment, and a creator that is killed on the way leaves nothing.
//!
//! **It dies with its creator.** The creator holds a lock on [`LIFE`] (an OFD lock, fcntl(2)), which
//! the kernel opens when the last process that has the creator's descriptor is gone, whatever it
//! died of: the creator, and its children from before the end, who go on using the segment. The
//! file itself stays: nothing in Linux deletes it. But from then on it counts as gone. Whoever
//! opens the name deletes it and gets ENOENT; whoever creates it replaces it. Files that do not
//! begin with [`MAGIC`] are other programs' and never deleted.
//!
//! **Who may delete.** The creator while it lives; after that whoever holds the lock on
//! [`REMOVAL`] and has seen that the name still means this very file. So nobody deletes a new
//! segment that has taken the name in the meantime.
//!
//! **What remains possible**: another program of the same user can delete the name, write nonsense
//! or shorten the file, and an access to what was cut off ends in SIGBUS. Seals (F_ADD_SEALS) would
//! forbid that, but the kernel gives them to memfds only, and those have no name. The blocks are
//! allocated at once, so that a full /dev/shm is ENOSPC in the call that creates.

use std::fs::{File, OpenOptions};
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::process;

use nix::fcntl::{AT_FDCWD, AtFlags, FallocateFlags, FcntlArg, fallocate, fcntl};
use nix::sys::mman::{shm_open, shm_unlink};
use nix::sys::stat::Mode;
use nix::unistd::linkat;
use syscall::{Context as _, Errno, Error, Result, retry};

use super::name::{FOLDER, Name};

/// The byte that the creator holds for as long as it lives.
const LIFE: i64 = 0;
/// The byte that is held by whoever deletes a dead segment.
const REMOVAL: i64 = 1;

/// What every segment of this crate begins with: a file that does not is not ours to judge.
pub(super) const MAGIC: u64 = u64::from_ne_bytes(*b"ninedays");

#[allow(clippy::cast_possible_truncation, reason = "its value is 1, the field is a short")]
const WRITE: libc::c_short = libc::F_WRLCK as libc::c_short;

/// The creator's side of a name: dropping it removes the name.
#[derive(Debug)]
pub(super) struct Tie {
    name: Name,
    file: File,
    creator: u32,
}

impl Tie {
    pub(super) fn name(&self) -> &str {
        self.name.as_str()
    }
}

impl Drop for Tie {
    fn drop(&mut self) {
        // A copy that a fork has made is not the creator. A destructor has nobody to tell: what
        // it cannot remove counts as dead as soon as the descriptor is closed.
        if process::id() == self.creator && self.name.means(&self.file) == Ok(true) {
            let _ = shm_unlink(self.name.as_str());
        }
    }
}

/// A file of `len` bytes, all zero and all there, that has no name yet and whose life is locked.
pub(super) fn draft(len: NonZeroUsize) -> Result<File> {
    let flags = libc::O_TMPFILE | libc::O_CLOEXEC;
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600).custom_flags(flags);
    let file = retry(|| options.open(FOLDER)).call_on("open", FOLDER)?;
    let size = libc::off_t::try_from(len.get()).map_err(|_| Errno::EFBIG).call("fallocate")?;
    retry(|| fallocate(&file, FallocateFlags::empty(), 0, size)).call("fallocate")?;
    if !lock(&file, LIFE)? {
        return Err(Error::new("fcntl", Errno::EAGAIN));
    }
    Ok(file)
}

/// Gives a finished draft its name. EEXIST while a living segment has it.
pub(super) fn publish(file: File, name: Name) -> Result<Tie> {
    let (from, to) = (format!("/proc/self/fd/{}", file.as_raw_fd()), name.path());
    loop {
        match linkat(AT_FDCWD, from.as_str(), AT_FDCWD, &to, AtFlags::AT_SYMLINK_FOLLOW) {
            Ok(()) => return Ok(Tie { name, file, creator: process::id() }),
            Err(Errno::EEXIST) => {
                // The name is free now, or was dead and is free now, or somebody lives there.
                if let Some(other) = find(&name)?
                    && !bury(&other, &name)?
                {
                    return Err(Error::new("linkat", Errno::EEXIST).on(name.as_str()));
                }
                // Somebody else may be deleting it just now.
                std::thread::yield_now();
            }
            Err(errno) => return Err(Error::new("linkat", errno).on(name.as_str())),
        }
    }
}

/// The living segment of this name and its size. ENOENT when there is none.
pub(super) fn open(name: &Name) -> Result<(File, usize)> {
    let none = || Error::new("shm_open", Errno::ENOENT).on(name.as_str());
    let file = find(name)?.ok_or_else(none)?;
    if bury(&file, name)? {
        return Err(none());
    }
    let size = file.metadata().call("fstat")?.size();
    Ok((file, usize::try_from(size).unwrap_or(usize::MAX)))
}

fn find(name: &Name) -> Result<Option<File>> {
    let flags = nix::fcntl::OFlag::O_RDWR | nix::fcntl::OFlag::O_CLOEXEC;
    match retry(|| shm_open(name.as_str(), flags, Mode::empty())) {
        Ok(fd) => Ok(Some(File::from(fd))),
        Err(Errno::ENOENT) => Ok(None),
        Err(errno) => Err(Error::new("shm_open", errno).on(name.as_str())),
    }
}

/// Deletes the name of a segment whose creator is gone. False when it lives.
fn bury(file: &File, name: &Name) -> Result<bool> {
    let mut first = [0; 8];
    let ours = file.read_exact_at(&mut first, 0).is_ok() && u64::from_ne_bytes(first) == MAGIC;
    if !ours || is_locked(file, LIFE)? {
        return Ok(false);
    }
    // Whoever is faster deletes it. That nobody lives there is true in either case.
    if lock(file, REMOVAL)? && name.means(file)? {
        match shm_unlink(name.as_str()) {
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(errno) => return Err(Error::new("shm_unlink", errno).on(name.as_str())),
        }
    }
    Ok(true)
}

fn one_byte(at: i64) -> libc::flock {
    // SAFETY: a flock consists of integers: zeros are a value of it.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    // By zero, l_whence is SEEK_SET.
    (lock.l_type, lock.l_start, lock.l_len) = (WRITE, at, 1);
    lock
}

fn lock(file: &File, at: i64) -> Result<bool> {
    match retry(|| fcntl(file.as_fd(), FcntlArg::F_OFD_SETLK(&one_byte(at)))) {
        Ok(_) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        Err(errno) => Err(Error::new("fcntl", errno)),
    }
}

fn is_locked(file: &File, at: i64) -> Result<bool> {
    let mut lock = one_byte(at);
    fcntl(file.as_fd(), FcntlArg::F_OFD_GETLK(&mut lock)).call("fcntl")?;
    Ok(i32::from(lock.l_type) != libc::F_UNLCK)
}
