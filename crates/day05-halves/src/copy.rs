//! Two processes, one file, a half each.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

use crate::part::part;

/// Copies a regular file into a new one and tells its size. When it fails there is no new file.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome<u64> {
    let named = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let about = fs::metadata(from).map_err(|error| named(from, error))?;
    if !about.is_file() {
        return Err(format!("{}: not a regular file", from.display()).into());
    }
    let source = File::open(from).map_err(|error| named(from, error))?;
    // Two processes write into it, so it must be ours alone from the first byte on: an existing
    // file is refused, and the source itself with it.
    let target = File::create_new(to).map_err(|error| named(to, error))?;
    let done = halves(&source, &target, about.len());
    if done.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(to);
    }
    done.map(|()| about.len())
}

/// The first half in this process, the second one in a child. With an odd size the child has the
/// byte more; with none both have nothing to do.
pub(crate) fn halves(from: &File, to: &File, size: u64) -> Outcome {
    to.set_len(size)?;
    let middle = size / 2;
    let (ours, theirs) = UnixStream::pair()?;
    keep_statuses()?;
    // SAFETY: this program has one thread, so the child finds no lock that nobody will open.
    match unsafe { fork() }? {
        ForkResult::Child => {
            drop(ours);
            hear(&theirs);
            let done = part(from, to, middle..size, move || tell(&theirs));
            // The status carries a number of eight bits, and every errno fits.
            let code = done.map_or_else(|error| error.raw_os_error().unwrap_or(libc::EIO), |()| 0);
            // SAFETY: _exit takes an integer and does not return.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            drop(theirs);
            // Each knows that the other has started: they really work at the same time.
            let both = move || {
                tell(&ours);
                hear(&ours);
            };
            let first = part(from, to, 0..middle, both);
            // Whatever has become of our half, the child is waited for.
            let second = loop {
                match waitpid(child, None) {
                    Err(Errno::EINTR) => {}
                    done => break done?,
                }
            };
            first?;
            match second {
                WaitStatus::Exited(_, 0) => Ok(()),
                WaitStatus::Exited(_, code) => {
                    Err(format!("the second half: {}", Errno::from_raw(code).desc()).into())
                }
                other => Err(format!("the second half: {other:?}").into()),
            }
        }
    }
}

/// The child's status is part of our result. A program may have been started with SIGCHLD ignored:
/// then the kernel throws statuses away, and waitpid fails with ECHILD. The default keeps them.
pub(crate) fn keep_statuses() -> Outcome {
    // SAFETY: no handler is installed; the default calls none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    Ok(())
}

/// A line whose other end has gone is told nothing and says nothing: no reason not to copy.
fn tell(mut line: &UnixStream) {
    let _ = line.write_all(b"!");
}

fn hear(mut line: &UnixStream) {
    let _ = line.read(&mut [0]);
}
