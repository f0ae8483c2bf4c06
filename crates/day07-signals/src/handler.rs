//! The handler of the experiments, and how it is installed.

use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use cli::Outcome;
use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::unistd::write;

/// How often it has run. A handler has no argument but the number and no `self`: all that it
/// knows is in statics.
static RUNS: AtomicU32 = AtomicU32::new(0);
/// Where it writes a byte, -1 for nowhere.
static LINE: AtomicI32 = AtomicI32::new(-1);

/// What it may do is listed in signal-safety(7): it may have interrupted anything, malloc or a
/// print in the middle. So no allocation, no lock, no println; an atomic and write(2) are enough.
/// Rust's type keeps closures out, but the list of what is safe is for us to know.
extern "C" fn count(_: c_int) {
    RUNS.fetch_add(1, Ordering::SeqCst);
    let line = LINE.load(Ordering::SeqCst);
    if line >= 0 {
        // The interrupted code may be about to look at its own errno.
        let errno = Errno::last_raw();
        // SAFETY: whoever has set the number keeps the descriptor open until the process ends.
        let line = unsafe { BorrowedFd::borrow_raw(line) };
        let _ = write(line, b"h");
        Errno::set_raw(errno);
    }
}

pub(crate) fn runs() -> u32 {
    RUNS.load(Ordering::SeqCst)
}

/// Lets the handler say each run to the parent, for as long as this process lives.
pub(crate) fn tells(line: &UnixStream) -> Outcome {
    // A copy that nobody closes: a handler has no way to find out that somebody did.
    let line = std::mem::ManuallyDrop::new(line.try_clone()?);
    LINE.store(line.as_raw_fd(), Ordering::SeqCst);
    Ok(())
}

/// signal(2) in the form that says everything: what runs, what happens to calls that wait, and
/// what is held back meanwhile.
pub(crate) fn handle(signal: Signal, flags: SaFlags) -> nix::Result<SigAction> {
    let action = SigAction::new(SigHandler::Handler(count), flags, SigSet::empty());
    // SAFETY: the handler uses atomics and write(2) and leaves errno as it was, so it may
    // interrupt anything.
    unsafe { sigaction(signal, &action) }
}

pub(crate) fn ignore(signal: Signal) -> nix::Result<SigAction> {
    let action = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    // SAFETY: nothing of ours will run.
    unsafe { sigaction(signal, &action) }
}
