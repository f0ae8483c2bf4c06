//! Signals that are read (signalfd(2)).

use std::os::fd::{AsFd, BorrowedFd, FromRawFd as _, OwnedFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::read;
use syscall::{Context as _, Deadline, Errno, Result, retry};

use super::mask::Masked;
use super::signal::Info;

/// A descriptor that is readable while one of the signals is pending.
///
/// It holds the signals back, or they would be handled before they could be read. Those that were
/// not read take effect when it is dropped. Each process that has it reads its own signals: in a
/// child it gives the child's, not those of the parent that has made it.
#[derive(Debug)]
pub struct SignalFd {
    fd: OwnedFd,
    masked: Masked,
}

impl SignalFd {
    /// For the signals that are held back. One descriptor, close-on-exec, non-blocking.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM.
    pub fn new(masked: Masked) -> Result<Self> {
        let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
        // SAFETY: the set lives through the call; -1 asks for a new descriptor.
        let fd = unsafe { libc::signalfd(-1, masked.set().as_raw(), flags) };
        let fd = Errno::result(fd).call("signalfd")?;
        // SAFETY: the call succeeded, so this is a new descriptor that nobody else knows of.
        Ok(Self { fd: unsafe { OwnedFd::from_raw_fd(fd) }, masked })
    }

    /// The signals that it reads.
    pub fn masked(&self) -> &Masked {
        &self.masked
    }

    /// Takes one; waits for one until the time is over, then `None`.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn wait(&self, deadline: Deadline) -> Result<Option<Info>> {
        loop {
            let mut bytes = [0; size_of::<libc::signalfd_siginfo>()];
            match retry(|| read(&self.fd, &mut bytes)) {
                Err(Errno::EAGAIN) if deadline.has_passed() => return Ok(None),
                Err(Errno::EAGAIN) => {}
                Err(errno) => return Err(errno).call("read"),
                Ok(_) => {
                    // SAFETY: it consists of integers, so that all bytes are values of it; the
                    // kernel only gives whole ones.
                    let info: libc::signalfd_siginfo = unsafe { std::mem::transmute(bytes) };
                    let (number, pid) = (info.ssi_signo.cast_signed(), info.ssi_pid.cast_signed());
                    return Ok(Info::new(number, info.ssi_code, pid, info.ssi_int));
                }
            }
            let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
            match poll(&mut [PollFd::new(self.fd.as_fd(), PollFlags::POLLIN)], timeout) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno).call("poll"),
            }
        }
    }
}

impl AsFd for SignalFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
