//! expect: the handler has called the allocator
//! expect: malloc(3) is not on the list

use std::iter::from_fn;
use std::os::fd::BorrowedFd;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::unistd::Pid;
static RUNS: Mutex<Vec<Instant>> = Mutex::new(Vec::new());
static NEWS: AtomicBool = AtomicBool::new(false);
extern "C" fn note(_: c_int) {
    RUNS.lock().unwrap().push(Instant::now());
    NEWS.store(true, Ordering::SeqCst);
}
pub fn install() -> nix::Result<()> {
    let action = SigAction::new(SigHandler::Handler(note), SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: not given. `note` takes a lock and calls the allocator, which has locks of its own;
    // whoever is interrupted may hold them (signal-safety(7)): that is the mistake.
    unsafe { sigaction(Signal::SIGUSR1, &action) }.map(drop)
}
pub fn count() -> usize {
    RUNS.lock().unwrap().len()
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
