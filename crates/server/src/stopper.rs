//! The end of serving, said from anywhere.

use std::os::fd::{AsFd, BorrowedFd};

use multiplex::Waker;
use syscall::Result;

/// Ends a server. Clones, and copies that a fork has made, end the same one.
///
/// It is an eventfd that nobody ever reads: once readable, for ever readable. So a stop cannot
/// come too early, be overlooked, or be taken by the wrong one of many who wait for it. And it
/// waits for nobody: CPython's `shutdown` waits for the end of `serve_forever`, so before serving
/// has begun, or from a handler in the serving thread, it waits for ever.
///
/// As a descriptor it is readable from the stop on, for those who have a wait of their own.
#[derive(Clone, Debug)]
pub struct Stopper(Waker);

impl Stopper {
    /// For [`Server::stopped_by`](crate::Server::stopped_by): to have it before there is a server,
    /// as a handler that stops its own server must, or to end several servers by one word.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM.
    pub fn new() -> Result<Self> {
        Waker::new().map(Self)
    }

    /// Serving ends: at once when it has not begun yet, otherwise as
    /// [`Server::grace`](crate::Server::grace) says. A second stop changes nothing.
    ///
    /// A single write(2): allowed in a signal handler (signal-safety(7)).
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn stop(&self) -> Result<()> {
        self.0.wake()
    }
}

impl AsFd for Stopper {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
