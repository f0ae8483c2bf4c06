//! What is on its way between the two ends of a terminal.
//!
//! A thread of the kernel's carries characters on, and turns some of them into signals, when it gets
//! a processor: on a busy machine milliseconds later. Nobody tells whether it has; but poll(2) of the
//! other end waits until it has, if nothing can be read there (n_tty_poll in drivers/tty/n_tty.c).

use std::os::fd::{AsRawFd as _, RawFd};

use super::duplicate::Source;
use crate::sys::Tid;

/// Waits until what was written to the terminals that these processes have open has arrived.
pub(crate) fn carry_on(pids: impl IntoIterator<Item = Tid>) {
    for pid in pids {
        let source = Source::open(pid);
        for fd in terminals(pid) {
            let Some(end) = source.duplicate(fd) else { continue };
            let mut fds = libc::pollfd { fd: end.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: one pollfd, valid for the call. What it says is of no interest.
            unsafe { libc::poll(&raw mut fds, 1, 0) };
        }
    }
}

fn terminals(pid: Tid) -> Vec<RawFd> {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
    let terminal = |entry: std::fs::DirEntry| {
        let link = std::fs::read_link(entry.path()).ok()?;
        let link = link.to_str()?;
        let is_one = link.starts_with("/dev/pts/") || link == "/dev/ptmx";
        entry.file_name().to_str()?.parse().ok().filter(|_| is_one)
    };
    entries.flatten().filter_map(terminal).collect()
}
