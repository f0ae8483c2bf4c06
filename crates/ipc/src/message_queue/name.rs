//! Names of queues, and who takes them away.

use std::ffi::{CStr, CString};
use std::os::fd::OwnedFd;

use nix::sys::stat::{FileStat, fstat};
use nix::unistd::{Pid, getpid};
use syscall::{Context as _, Errno};

use super::open;
use crate::error::Result;

/// A name as mq_open(3) wants it, or EINVAL with the rule.
pub(super) fn check(name: &str) -> Result<CString> {
    let rest = name.strip_prefix('/').unwrap_or_default();
    let wrong = rest.is_empty() || rest.contains('/') || matches!(rest, "." | "..");
    let c_name = CString::new(name).ok().filter(|_| !wrong);
    let rule = || format!("{name:?}: a name is a slash and then bytes that are no slash");
    let error = || syscall::Error::new("mq_open", Errno::EINVAL).on(rule());
    Ok(c_name.ok_or_else(error)?)
}

pub(super) fn unlink(name: &str) -> Result<()> {
    unlink_checked(&check(name)?).call_on("mq_unlink", name).map_err(Into::into)
}

fn unlink_checked(name: &CStr) -> nix::Result<()> {
    // SAFETY: the pointer leads to a string with a NUL at its end.
    Errno::result(unsafe { libc::mq_unlink(name.as_ptr()) }).map(drop)
}

/// A name that this process has made: it is gone when this is dropped.
///
/// Not by a copy that a fork has made, and not when somebody has put another queue there.
#[derive(Debug)]
pub(super) struct Name {
    path: CString,
    /// Whoever has made it; nobody, when the name shall stay.
    owner: Option<Pid>,
    queue: (libc::dev_t, libc::ino_t),
}

impl Name {
    pub(super) fn of(name: CString, fd: &OwnedFd) -> Result<Self> {
        Ok(Self { path: name, owner: Some(getpid()), queue: identity(&fstat(fd).call("fstat")?) })
    }

    /// Leaves the name where it is.
    pub(super) fn leave(mut self) {
        self.owner = None;
    }
}

fn identity(stat: &FileStat) -> (libc::dev_t, libc::ino_t) {
    (stat.st_dev, stat.st_ino)
}

impl Drop for Name {
    fn drop(&mut self) {
        if self.owner != Some(getpid()) {
            return;
        }
        let now = open::descriptor(&self.path, libc::O_RDONLY, None).and_then(fstat);
        // When the look fails for want of descriptors, the name is ours all the same.
        if now.map_or_else(|errno| errno != Errno::ENOENT, |stat| identity(&stat) == self.queue) {
            // There is nobody to tell.
            let _ = unlink_checked(&self.path);
        }
    }
}
