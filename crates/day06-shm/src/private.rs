//! Why std::sync::Mutex is no lock between processes.
//!
//! Its documentation promises nothing about shared memory, so it must not be put there; and on
//! Linux it cannot work there. It sleeps and wakes by futex(2) with FUTEX_PRIVATE_FLAG, which
//! names the place by the address and the process: a wake-up from another process, even at the
//! same address, reaches nobody. Here is that flag alone, on an atomic of ours.

use std::io::{self, Write as _};
use std::sync::atomic::AtomicU32;

use cli::Outcome;
use process::Pid;
use process::procfs::{Stat, State};
use syscall::{Context as _, Errno};

use crate::map::Map;
use crate::worker::Worker;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    for (kind, flag) in [("private, as std's Mutex", libc::FUTEX_PRIVATE_FLAG), ("shared", 0)] {
        let word = Map::<AtomicU32>::anonymous()?;
        let sleeper = Worker::start(|line| {
            line.tell()?;
            Ok(futex(&word, libc::FUTEX_WAIT | flag, 0).map(drop)?)
        })?;
        sleeper.hear()?;
        until_asleep(sleeper.pid())?;
        let woken = futex(&word, libc::FUTEX_WAKE | flag, 1)?;
        write!(out, "a futex, {kind}: woken {woken}, ")?;
        if woken == 0 {
            // Nobody could ever wake it. Dropping it kills it.
            writeln!(out, "it sleeps on: {}", Stat::of(sleeper.pid())?.state)?;
        } else {
            sleeper.finish()?;
            writeln!(out, "it has ended")?;
        }
    }
    Ok(())
}

/// FUTEX_WAIT: sleeps as long as the word is `number`, until it is woken.
/// FUTEX_WAKE: wakes so many of those who sleep there, and says how many those were.
fn futex(word: &AtomicU32, operation: i32, number: u32) -> syscall::Result<i64> {
    let no_limit = std::ptr::null::<libc::timespec>();
    // SAFETY: the word is an aligned u32 that lives on while this waits, and is only compared by
    // the kernel; the time limit may be missing.
    let done =
        unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, number, no_limit) };
    match Errno::result(done) {
        // The word had another value, or a signal came: whoever waits looks again anyway.
        Err(Errno::EAGAIN | Errno::EINTR) => Ok(0),
        done => done.call("futex"),
    }
}

/// The last thing that it does is to sleep, and nothing tells us when it has begun but its state.
fn until_asleep(pid: Pid) -> Outcome {
    loop {
        match Stat::of(pid)?.state {
            State::Sleeping => return Ok(()),
            State::Zombie | State::Dead => return Err("the sleeper has ended".into()),
            _ => std::thread::yield_now(),
        }
    }
}
