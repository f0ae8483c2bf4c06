//! Waiting until a descriptor is ready, under a deadline.

use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use syscall::{Deadline, Errno};

use crate::error::{Error, Result};

/// Waits with poll(2) until a call on `fd` will not block, or will fail at once. Signals take
/// nothing from the deadline and add nothing to it.
///
/// # Errors
/// [`Error::TimedOut`]; ENOMEM.
pub(crate) fn ready(fd: impl AsFd, event: PollFlags, deadline: Deadline) -> Result<()> {
    loop {
        let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(fd.as_fd(), event)], timeout) {
            Ok(0) if deadline.has_passed() => return Err(Error::TimedOut),
            Ok(0) | Err(Errno::EINTR) => {}
            Ok(_) => return Ok(()),
            Err(errno) => return Err(syscall::Error::new("poll", errno).into()),
        }
    }
}
