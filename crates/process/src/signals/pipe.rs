//! The self-pipe: signals as bytes that an event loop can wait for beside other descriptors
//! (CPython `signal.set_wakeup_fd`).

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use nix::fcntl::OFlag;
use nix::unistd::{pipe2, read};
use syscall::{Context as _, Errno, Result, retry};

use super::signal::Signal;

/// A pipe to oneself. [`super::Disposition::wake`] lets the handler write to it. As a descriptor
/// it is readable while there is something to [`SelfPipe::drain`].
///
/// A child that a fork has made does not write to it, though it inherits both ends.
#[derive(Debug)]
pub struct SelfPipe {
    reader: OwnedFd,
    /// Shared with the dispositions, which may live longer.
    pub(super) writer: Arc<OwnedFd>,
}

impl SelfPipe {
    /// Two descriptors, close-on-exec and non-blocking: a handler must never wait.
    ///
    /// # Errors
    /// EMFILE, ENFILE.
    pub fn new() -> Result<Self> {
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK).call("pipe2")?;
        Ok(Self { reader, writer: Arc::new(writer) })
    }

    /// Takes what has come so far, in the order in which it was handled; nothing when there is
    /// none. A full pipe (65,536 signals) drops further ones: it is readable all the same.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn drain(&self) -> Result<Vec<Signal>> {
        let mut signals = Vec::new();
        let mut bytes = [0; 256];
        loop {
            match retry(|| read(&self.reader, &mut bytes)) {
                Ok(0) | Err(Errno::EAGAIN) => return Ok(signals),
                Ok(n) => signals.extend(bytes[..n].iter().filter_map(|&b| Signal::new(b.into()))),
                Err(errno) => return Err(errno).call("read"),
            }
        }
    }
}

impl AsFd for SelfPipe {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }
}
