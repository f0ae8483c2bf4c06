//! Becoming a daemon in the traditional way (daemon(7), "SysV Daemons"; daemon(3)).

use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd as _, OwnedFd, RawFd};
use std::path::PathBuf;

use nix::fcntl::{OFlag, open};
use nix::sys::signal::SigSet;
use nix::sys::stat::{Mode, umask};
use nix::unistd::{chdir, dup2_stderr, dup2_stdin, dup2_stdout, setsid};
use syscall::{Context as _, Errno, Result};

use super::{Orphan, detach};
use crate::error::Error;

/// How to start a daemon: a process in a session of its own, without a terminal and without a
/// way to get one, that no parent waits for.
///
/// Not to be mixed up with a daemonic [`crate::Process`], which ends with its parent: this one
/// outlives it.
#[derive(Clone, Debug)]
#[must_use = "it does nothing before it is started"]
pub struct Daemon {
    directory: PathBuf,
    umask: u32,
    standard_files: bool,
    keep: Option<Vec<RawFd>>,
}

impl Default for Daemon {
    fn default() -> Self {
        Self { directory: "/".into(), umask: 0, standard_files: false, keep: None }
    }
}

impl Daemon {
    /// In `/`, with umask 0, with /dev/null as its standard files, and with no signal blocked.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where it works. The default keeps no file system from being unmounted.
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// Which permissions new files do not get (umask(2)). With the default, 0, each of its open(2)
    /// calls says all of them itself.
    pub fn umask(mut self, mask: u32) -> Self {
        self.umask = mask;
        self
    }

    /// Whether it keeps the standard input, output and error of its maker, instead of /dev/null
    /// (the default). The reader of a pipe then waits for the daemon's end as well.
    pub fn keep_standard_files(mut self, on: bool) -> Self {
        self.standard_files = on;
        self
    }

    /// Closes all descriptors above 2 but these. Without this the daemon keeps what its maker had
    /// open, as every fork does; a lock or a listening socket may be among it.
    ///
    /// # Safety
    /// What is started must neither use nor drop any descriptor that was open before, except
    /// these and the standard files: its number may mean another file by then.
    pub unsafe fn close_all_but(mut self, keep: &[BorrowedFd<'_>]) -> Self {
        self.keep = Some(keep.iter().map(AsRawFd::as_raw_fd).collect());
        self
    }

    /// Starts it: fork, setsid(2), and fork again, because the leader of a session gets a terminal
    /// by opening one, and its child does not. Comes back when the process in the middle has
    /// ended and everything has been set up.
    ///
    /// # Errors
    /// Those of [`super::double_fork`]; ENOENT, ENOTDIR, EACCES (the directory), EINVAL (a name
    /// with a NUL in it).
    pub fn start(self, work: impl FnOnce() -> i32) -> crate::Result<Orphan> {
        let directory = self.directory.clone();
        detach(|needed| self.prepare(needed), work).map_err(|error| match error {
            // Only the call and its errno have crossed the pipe.
            Error::Call(error) if error.call() == "chdir" => error.on(directory.display()).into(),
            error => error,
        })
    }

    /// All in the process in the middle: the daemon inherits it, and an error can still be told.
    fn prepare(self, needed: [BorrowedFd<'_>; 2]) -> Result<()> {
        setsid().call("setsid")?;
        umask(Mode::from_bits_truncate(self.umask));
        chdir(&self.directory).call("chdir")?;
        SigSet::empty().thread_set_mask().call("rt_sigprocmask")?;
        if !self.standard_files {
            let null = open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty());
            replace_standard_files(null.call_on("open", "/dev/null")?)?;
        }
        if let Some(mut keep) = self.keep {
            keep.extend(needed.map(|fd| fd.as_raw_fd()));
            close_all_but(keep)?;
        }
        Ok(())
    }
}

fn replace_standard_files(null: OwnedFd) -> Result<()> {
    dup2_stdin(&null).call("dup2")?;
    dup2_stdout(&null).call("dup2")?;
    dup2_stderr(&null).call("dup2")?;
    if null.as_raw_fd() <= 2 {
        // One of the three was closed, and this is it now.
        let _ = null.into_raw_fd();
    }
    Ok(())
}

/// The gaps between those that are kept, from 3 on (close_range(2), Linux 5.9).
fn close_all_but(mut keep: Vec<RawFd>) -> Result<()> {
    keep.sort_unstable();
    let mut first = 3;
    for kept in keep.into_iter().filter_map(|fd| u32::try_from(fd).ok()) {
        if kept > first {
            close_range(first, kept - 1)?;
        }
        first = first.max(kept + 1);
    }
    close_range(first, u32::MAX)
}

fn close_range(first: u32, last: u32) -> Result<()> {
    // SAFETY: the caller of `Daemon::close_all_but` has promised that nothing in this process or
    // its children uses these descriptors any more.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
    Errno::result(done).call("close_range").map(drop)
}
