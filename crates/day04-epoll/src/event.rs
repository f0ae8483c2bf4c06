//! An event: the 64 bits that are ours, and its flags in words.

use std::io::{self, Write as _};
use std::os::fd::RawFd;

use nix::sys::epoll::{EpollEvent, EpollFlags};
use sockets::not_now;

/// What to watch, and what the kernel shall give back with each event: the descriptor's number.
pub(crate) fn about(fd: RawFd, flags: EpollFlags) -> EpollEvent {
    EpollEvent::new(flags, fd.cast_unsigned().into())
}

/// What we gave it.
pub(crate) fn fd_of(event: &EpollEvent) -> RawFd {
    RawFd::try_from(event.data()).unwrap_or(-1)
}

/// A line for what was read; none for bulk, which would hide the others.
pub(crate) fn tell(fd: RawFd, ready: EpollFlags, got: &io::Result<usize>) -> io::Result<()> {
    let (mut out, ready) = (io::stdout(), names(ready));
    match got {
        Ok(0) => writeln!(out, "  fd {fd}: {ready}, it has ended its side"),
        Ok(n) if *n < 512 => writeln!(out, "  fd {fd}: {ready}, {n} bytes"),
        Ok(_) => Ok(()),
        Err(error) if not_now(error) => Ok(()),
        Err(error) => writeln!(out, "  fd {fd}: {ready}, {error}"),
    }
}

/// `EPOLLIN | EPOLLHUP`, as strace prints it.
pub(crate) fn names(flags: EpollFlags) -> String {
    let names: Vec<&str> = flags.iter_names().map(|(name, _)| name).collect();
    names.join(" | ")
}
