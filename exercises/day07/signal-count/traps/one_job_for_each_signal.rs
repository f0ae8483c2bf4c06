//! expect: 999 stay in the spool
//! expect: A signal says that there is something, not how much

use std::iter::from_fn;
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicUsize, Ordering};

use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::unistd::Pid;
static RUNS: AtomicUsize = AtomicUsize::new(0);
static NEWS: AtomicUsize = AtomicUsize::new(0);
extern "C" fn note(_: c_int) {
    RUNS.fetch_add(1, Ordering::SeqCst);
    NEWS.fetch_add(1, Ordering::SeqCst);
}
pub fn install() -> nix::Result<()> {
    let action = SigAction::new(SigHandler::Handler(note), SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: `note` does nothing but change two atomics, so it may interrupt anything.
    unsafe { sigaction(Signal::SIGUSR1, &action) }.map(drop)
}
pub fn count() -> usize {
    RUNS.load(Ordering::SeqCst)
}
pub fn take_all<J>(next: impl FnMut() -> Option<J>) -> Vec<J> {
    let signals = NEWS.swap(0, Ordering::SeqCst);
    if signals > 0 { from_fn(next).take(signals).collect() } else { Vec::new() }
}
pub fn read(from: BorrowedFd<'_>, buffer: &mut [u8]) -> nix::Result<usize> {
    loop {
        match nix::unistd::read(from, buffer) {
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}
pub fn notify(server: Pid) -> nix::Result<()> {
    if server.as_raw() <= 0 {
        return Err(Errno::EINVAL);
    }
    kill(server, Signal::SIGUSR1)
}
