//! EINTR: a wait that signals interrupt goes on with the time that remains. A test binary of its
//! own, because a signal handler belongs to the whole process.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::{WAITS, Watch, on_all_back_ends, while_asleep};
use multiplex::{Backend, Deadline, Interest};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

on_all_back_ends!(a_wait_outlives_signals, signals_do_not_move_the_deadline);

static HANDLED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(_: libc::c_int) {
    HANDLED.fetch_add(1, Ordering::SeqCst);
}

fn handle_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without SA_RESTART, though it would make no difference: these calls never restart.
        let action = SigAction::new(SigHandler::Handler(count), SaFlags::empty(), SigSet::empty());
        // SAFETY: the handler adds to an atomic and does nothing else.
        unsafe { sigaction(Signal::SIGUSR1, &action) }.unwrap();
    });
}

/// Sends a signal to one task and waits until its handler has run.
fn interrupt(task: u32) {
    let before = HANDLED.load(Ordering::SeqCst);
    let (process, task) = (std::process::id().cast_signed(), task.cast_signed());
    // SAFETY: tgkill takes three integers; the task is a thread of this process that is joined
    // only later.
    let done = unsafe { libc::syscall(libc::SYS_tgkill, process, task, libc::SIGUSR1) };
    assert_eq!(done, 0, "tgkill: {}", std::io::Error::last_os_error());
    testkit::until("the handler runs", || (HANDLED.load(Ordering::SeqCst) > before).then_some(()));
}

fn a_wait_outlives_signals(backend: Backend) {
    handle_signals();
    let mut watch = Watch::new(backend);
    let (ours, theirs) = UnixStream::pair().unwrap();
    watch.add(&ours, 1, Interest::READABLE);
    let wait = || watch.wait(Deadline::Never);
    let events = while_asleep(wait, |task| {
        for _ in 0..20 {
            interrupt(task);
            testkit::proc::until_asleep(task, WAITS);
        }
        (&theirs).write_all(b"x").unwrap();
    });
    assert_eq!(events.len(), 1, "the signals were not taken for the end of the wait");
}

fn signals_do_not_move_the_deadline(backend: Backend) {
    handle_signals();
    let mut watch = Watch::new(backend);
    let (ours, _theirs) = UnixStream::pair().unwrap();
    watch.add(&ours, 1, Interest::READABLE);
    let limit = Duration::from_millis(200);
    let start = Instant::now();
    let events = while_asleep(
        || (watch.wait(Deadline::At(start + limit)), start.elapsed()),
        |task| {
            // Again and again until past the deadline: a wait that started anew with the whole
            // time after each signal would not end while this goes on.
            let mut left = 2 * limit;
            while !left.is_zero() && testkit::proc::stat(task).is_some() {
                interrupt_if_alive(task);
                left = (start + 2 * limit).saturating_duration_since(Instant::now());
            }
        },
    );
    assert_eq!(events.0, []);
    assert!(events.1 >= limit, "{:?} is too early", events.1);
}

/// The waiter may end at any moment here, so the handler cannot be waited for.
fn interrupt_if_alive(task: u32) {
    let (process, task) = (std::process::id().cast_signed(), task.cast_signed());
    // SAFETY: tgkill takes three integers and fails with ESRCH when the task has ended.
    unsafe { libc::syscall(libc::SYS_tgkill, process, task, libc::SIGUSR1) };
}
