//! Waking a wait from another thread or from a signal handler.
//!
//! An eventfd(2) is a counter behind a descriptor: readable while it is not zero. It is registered
//! like anything else, so no back end knows about it.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use nix::sys::eventfd::{EfdFlags, EventFd};
use syscall::{Context as _, Errno, Result};

/// A handle that makes a [`crate::Poller::wait`] come back. Clones wake the same wait.
///
/// Register it under a token of its own, readable; when that token is reported, call
/// [`Waker::drain`], or a level trigger will report it for ever.
#[derive(Clone, Debug)]
pub struct Waker(Arc<EventFd>);

impl Waker {
    /// A waker that nobody has used yet; one descriptor, close-on-exec, non-blocking.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM.
    pub fn new() -> Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        EventFd::from_flags(flags).call("eventfd").map(|fd| Self(Arc::new(fd)))
    }

    /// Wakes the wait, or the next one if none is under way. Many wakes before a [`Waker::drain`]
    /// are one. A single write(2): allowed in a signal handler (signal-safety(7)).
    ///
    /// # Errors
    /// None that a program can cause: a full counter (EAGAIN) already wakes.
    pub fn wake(&self) -> Result<()> {
        match syscall::retry(|| self.0.write(1)) {
            Ok(_) | Err(Errno::EAGAIN) => Ok(()),
            Err(errno) => Err(errno).call("write"),
        }
    }

    /// Takes note of all wakes so far and gives their number; zero when there were none.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn drain(&self) -> Result<u64> {
        match syscall::retry(|| self.0.read()) {
            Err(Errno::EAGAIN) => Ok(0),
            count => count.call("read"),
        }
    }
}

impl AsFd for Waker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
