//! expect: sigaction(2) was not called for it

use std::iter::from_fn;
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::unistd::Pid;
static RUNS: AtomicUsize = AtomicUsize::new(0);
static NEWS: AtomicBool = AtomicBool::new(false);
extern "C" fn note(_: c_int) {
    RUNS.fetch_add(1, Ordering::SeqCst);
    NEWS.store(true, Ordering::SeqCst);
}
pub fn install() -> nix::Result<()> {
    let action = SigAction::new(SigHandler::Handler(note), SaFlags::SA_RESTART, SigSet::empty());
    let _ = action;
    Ok(())
}
pub fn count() -> usize {
    RUNS.load(Ordering::SeqCst)
}
pub fn take_all<J>(next: impl FnMut() -> Option<J>) -> Vec<J> {
    if NEWS.swap(false, Ordering::SeqCst) { from_fn(next).collect() } else { Vec::new() }
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
