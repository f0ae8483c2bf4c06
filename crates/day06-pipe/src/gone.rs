//! A pipe without a reader.

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigHandler, Signal, signal};
use process::Deadline;

use crate::child::start;

pub(crate) fn run() -> Outcome {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(b"nobody will read this")?;
    drop(reader);
    // The bytes inside are lost, and nobody is told; the next write is refused.
    let error =
        writer.write(b"x").map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(0)));
    let mut fds = [PollFd::new(writer.as_fd(), PollFlags::POLLOUT)];
    poll(&mut fds, PollTimeout::ZERO)?;
    let answer = fds[0].revents().unwrap_or(PollFlags::empty());

    // The kernel sends SIGPIPE too. Rust ignores it before main, and Python does; a C program, or
    // one that is started from here by fork and exec, has the default: it ends without a word.
    let mut child = start(|| {
        // SAFETY: no handler is installed, so no code runs that could do wrong.
        unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) }?;
        Ok(writer.write_all(b"x")?)
    })?;
    let end = child.join(Deadline::Never)?.map(|exit| exit.to_string());

    let mut out = io::stdout();
    writeln!(out, "the reader has gone: write: {error:?}, poll for POLLOUT: {answer:?}")?;
    writeln!(out, "  with the default for SIGPIPE: {}", end.unwrap_or_default())?;
    Ok(())
}
