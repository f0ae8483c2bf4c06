//! A print server that is told of new jobs by SIGUSR1.

use std::iter::from_fn;
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::unistd::Pid;

/// How often the handler has run. It has no `self` and no argument but the signal's number: what
/// it knows is in statics, and what can be changed in the middle of anything is an atomic.
static RUNS: AtomicUsize = AtomicUsize::new(0);
/// Somebody has put something into the spool since the last look.
static NEWS: AtomicBool = AtomicBool::new(false);

/// It may have interrupted anything: malloc or println! in the middle, with their locks held by the
/// very thread that it runs in. So no memory, no lock, no output: signal-safety(7) has the list.
extern "C" fn note(_: c_int) {
    // Read, add and write in one step: two threads may be here at the same time.
    RUNS.fetch_add(1, Ordering::SeqCst);
    NEWS.store(true, Ordering::SeqCst);
}

/// From now on SIGUSR1 is counted, in whatever thread and at whatever moment it comes.
pub fn install() -> nix::Result<()> {
    // SA_RESTART spares most calls the EINTR, not all of them (signal(7)), and not in threads
    // where somebody else's handler has run.
    let action = SigAction::new(SigHandler::Handler(note), SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: `note` does nothing but change two atomics, so it may interrupt anything.
    unsafe { sigaction(Signal::SIGUSR1, &action) }.map(drop)
}

/// How often the handler has run.
pub fn count() -> usize {
    RUNS.load(Ordering::SeqCst)
}

/// Empties the spool if a SIGUSR1 has come since the last look: `next` takes one job out of it,
/// `None` when there is none. A signal that comes meanwhile is one for the next call.
pub fn take_all<J>(next: impl FnMut() -> Option<J>) -> Vec<J> {
    // Taken back before the look, in one step with the question. Taken back after it, the news of
    // a job that came in between would be lost, and the job would lie there.
    if NEWS.swap(false, Ordering::SeqCst) {
        // Not one for each signal. While one is pending, further ones of its kind are dropped: it
        // says that there is something, never how much.
        from_fn(next).collect()
    } else {
        Vec::new()
    }
}

/// read(2) that a signal does not end.
pub fn read(from: BorrowedFd<'_>, buffer: &mut [u8]) -> nix::Result<usize> {
    loop {
        match nix::unistd::read(from, buffer) {
            // A handler has run while nothing was there yet. Nothing was read, nothing is lost.
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}

/// Tells the server that there is a job. EINVAL when the number does not name one process.
pub fn notify(server: Pid) -> nix::Result<()> {
    // kill(2) has other meanings for these: 0 is the own process group, -1 everybody, and less
    // than that a group. Asked for on purpose that is killpg; here it is an empty pid file.
    if server.as_raw() <= 0 {
        return Err(Errno::EINVAL);
    }
    kill(server, Signal::SIGUSR1)
}
