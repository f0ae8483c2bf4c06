//! A lock between processes that is tied to a file (fcntl(2), open file description locks).
//!
//! | | belongs to | is dropped by | between threads | after fork |
//! |---|---|---|---|---|
//! | this, F_OFD_SETLK | the open file | unlocking, or closing its last descriptor | excludes | one lock for both |
//! | flock(2), std's `File::lock` | the open file | the same | excludes | one lock for both |
//! | POSIX, F_SETLK | the process | closing **any** descriptor of the file | does not | the child has none |
//!
//! The classic kind loses its lock when a library opens and closes the same file for a moment.
//! This kind and flock(2) do not; unlike flock(2), this kind also meets the locks of programs that
//! use the classic one, and NFS carries it. All are advisory: who does not ask may read and write.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use std::path::Path;
use std::thread;
use std::time::Duration;

use nix::fcntl::{FcntlArg, fcntl};
use nix::unistd::{Pid, getpid};
use syscall::{Context as _, Deadline, Errno, retry};

use crate::error::{Error, Result};

/// The shortest and the longest pause between two attempts under a deadline.
const PAUSES: (Duration, Duration) = (Duration::from_micros(500), Duration::from_millis(20));

/// A lock on a whole file: for one writer, or for any number of readers.
///
/// The kernel releases it when its owner ends, however that happens. A child that the owner has
/// forked holds a copy of the descriptor and so keeps the lock of a killed owner until it ends,
/// executes another program, or asks for the lock itself: then it opens the file anew, so that a
/// lock excludes relatives as it does strangers.
#[derive(Debug)]
pub struct FileLock {
    file: OwnedFd,
    owner: Pid,
}

impl FileLock {
    /// Opens the file, or makes an empty one. It stays when all is over: removing a lock file is a
    /// race, because somebody may have opened it and be about to lock what has no name any more.
    ///
    /// # Errors
    /// ENOENT (no such directory), EACCES, EISDIR, EROFS, EMFILE, ENFILE.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut options = File::options();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        Ok(Self { file: file.call_on("open", path.display())?.into(), owner: getpid() })
    }

    /// For one alone. [`Deadline::Now`] tries, [`Deadline::Never`] sleeps in the kernel until the
    /// lock is free. For a deadline in between fcntl(2) has no form without a signal, so it is
    /// tried again and again, after pauses from 0.5 ms up to 20 ms: so late may the lock be taken
    /// that was released, and so often may others who sleep in the kernel be faster.
    ///
    /// # Errors
    /// [`Error::TimedOut`]; ENOLCK (too many locks, or a file system without), EMFILE, ENFILE (in
    /// a forked child). Two who wait for each other wait for ever: the kernel does not look for
    /// deadlocks among these locks.
    pub fn exclusive(&mut self, deadline: Deadline) -> Result<Guard<'_>> {
        self.lock(libc::F_WRLCK, deadline)
    }

    /// For many at a time, but nobody who has it exclusively. As [`FileLock::exclusive`].
    ///
    /// # Errors
    /// Those of [`FileLock::exclusive`].
    pub fn shared(&mut self, deadline: Deadline) -> Result<Guard<'_>> {
        self.lock(libc::F_RDLCK, deadline)
    }

    fn lock(&mut self, kind: i32, deadline: Deadline) -> Result<Guard<'_>> {
        self.must_be_own()?;
        if deadline == Deadline::Never {
            let range = whole(kind);
            retry(|| fcntl(&self.file, FcntlArg::F_OFD_SETLKW(&range))).call("fcntl")?;
        } else {
            self.try_until(kind, deadline)?;
        }
        Ok(Guard { file: self.file.as_fd(), owner: self.owner })
    }

    fn try_until(&self, kind: i32, deadline: Deadline) -> Result<()> {
        let (mut pause, longest) = PAUSES;
        loop {
            // What remains is looked at before the attempt, so that the last attempt is made at
            // the deadline and not before it.
            let left = deadline.remaining().unwrap_or(longest);
            match fcntl(&self.file, FcntlArg::F_OFD_SETLK(&whole(kind))) {
                Ok(_) => return Ok(()),
                Err(Errno::EAGAIN | Errno::EACCES) if left.is_zero() => {
                    return Err(Error::TimedOut);
                }
                Err(Errno::EAGAIN | Errno::EACCES) => thread::sleep(pause.min(left)),
                Err(Errno::EINTR) => continue,
                Err(errno) => return Err(syscall::Error::new("fcntl", errno).into()),
            }
            pause = longest.min(pause * 2);
        }
    }

    /// After a fork there is one open file for two processes, and one lock: a second one needs
    /// another open file. Its path may lead elsewhere by now; /proc leads to the same file.
    fn must_be_own(&mut self) -> Result<()> {
        if self.owner != getpid() {
            let path = format!("/proc/self/fd/{}", self.file.as_raw_fd());
            self.file = Self::open(path)?.file;
            self.owner = getpid();
        }
        Ok(())
    }
}

/// The lock is held as long as this lives. A copy that a fork has made releases nothing.
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub struct Guard<'a> {
    file: BorrowedFd<'a>,
    owner: Pid,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if self.owner == getpid() {
            // Unlocking what is ours does not fail.
            let _ = retry(|| fcntl(self.file, FcntlArg::F_OFD_SETLK(&whole(libc::F_UNLCK))));
        }
    }
}

/// All of a file, also what will be written behind its end.
#[allow(clippy::cast_possible_truncation, reason = "the kernel's constants fit into a short")]
fn whole(kind: i32) -> libc::flock {
    libc::flock {
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        // Must be 0 for this kind of lock.
        l_pid: 0,
    }
}

/// The file that is locked, to be read and written under the lock.
impl AsFd for FileLock {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}
