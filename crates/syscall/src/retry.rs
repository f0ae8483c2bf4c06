//! `EINTR`: a signal handler ran while the call was waiting, nothing was done, ask again.
//!
//! Python repeats such calls by itself since 3.5 (PEP 475); in Rust it is the caller's business.
//! `SA_RESTART` does it in the kernel for read(2) and accept(2), but never for poll(2),
//! select(2) and epoll_wait(2) (see signal(7)), so a loop that waits must always be ready for it.
//!
//! Not to be repeated: close(2) (the descriptor is gone all the same, and its number may already
//! be somebody else's), and connect(2) (the attempt goes on: wait until the socket is writable).

use std::io;

use nix::errno::Errno;

/// An error that can tell whether it means "a signal came, nothing happened".
pub trait Interruptible {
    /// True for `EINTR`.
    fn is_interrupt(&self) -> bool;
}

impl Interruptible for Errno {
    fn is_interrupt(&self) -> bool {
        *self == Errno::EINTR
    }
}

impl Interruptible for io::Error {
    fn is_interrupt(&self) -> bool {
        self.kind() == io::ErrorKind::Interrupted
    }
}

/// Repeats `call` until it ends in anything but `EINTR`.
///
/// # Errors
/// Whatever else the call fails with.
pub fn retry<T, E: Interruptible>(mut call: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    loop {
        match call() {
            Err(error) if error.is_interrupt() => {}
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_interrupts_and_nothing_else() {
        let mut answers = vec![Ok(7), Err(Errno::EINTR), Err(Errno::EINTR)];
        assert_eq!(retry(|| answers.pop().unwrap()), Ok(7));

        let mut answers = vec![Ok(7), Err(Errno::EAGAIN), Err(Errno::EINTR)];
        assert_eq!(retry(|| answers.pop().unwrap()), Err(Errno::EAGAIN));
        assert_eq!(answers, [Ok(7)], "EAGAIN ends the loop");
    }
}
