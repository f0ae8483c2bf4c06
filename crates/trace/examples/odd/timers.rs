//! Time that comes by a descriptor, by a signal, and at a moment.

use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

use nix::sys::signal::{SaFlags, SigSet, Signal};
use nix::sys::time::TimeSpec;
use nix::sys::timer::TimerSetTimeFlags;
use nix::sys::timerfd::{ClockId as Timed, Expiration, TimerFd, TimerFlags};
use nix::time::{ClockId, ClockNanosleepFlags, clock_gettime, clock_nanosleep};

use crate::Done;
use crate::output::say;
use crate::signals::handle;

fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn join(thread: JoinHandle<Done>) -> Done {
    thread.join().map_err(|_| "a thread has panicked")?
}

/// Four hundred milliseconds are over before two hundred and three hundred, one after the other, whoever
/// has counted the two hundred.
pub(crate) fn timers() -> Done {
    let timer = TimerFd::new(Timed::CLOCK_MONOTONIC, TimerFlags::TFD_CLOEXEC)?;
    let each = TimeSpec::from(millis(100));
    timer.set(Expiration::Interval(each), TimerSetTimeFlags::empty())?;
    let other = spawn(|| {
        sleep(millis(400));
        say("400")
    });
    timer.wait()?;
    timer.wait()?;
    sleep(millis(300));
    say("timer and 300")?;
    join(other)
}

/// The same with a signal, which waits until it is waited for, and is the first thread's alone.
pub(crate) fn alarms() -> Done {
    handle(Signal::SIGALRM, SaFlags::empty())?;
    SigSet::from(Signal::SIGALRM).thread_block()?;
    let once = libc::timeval { tv_sec: 0, tv_usec: 200_000 };
    let never = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let timer = libc::itimerval { it_interval: never, it_value: once };
    let other = spawn(|| {
        sleep(millis(400));
        say("400")
    });
    // SAFETY: it reads one itimerval, and no old one is wanted.
    unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const timer, std::ptr::null_mut()) };
    SigSet::empty().suspend()?;
    sleep(millis(300));
    say("alarm and 300")?;
    join(other)
}

/// Sleeps until moments of three clocks, in another order than they begin in.
pub(crate) fn moments() -> Done {
    use ClockId as Id;
    let clocks = [(60, Id::CLOCK_MONOTONIC), (30, Id::CLOCK_REALTIME), (90, Id::CLOCK_BOOTTIME)];
    let threads = clocks.map(|(ms, clock)| {
        spawn(move || -> Done {
            let until = clock_gettime(clock)? + TimeSpec::from(millis(ms));
            clock_nanosleep(clock, ClockNanosleepFlags::TIMER_ABSTIME, &until)?;
            say(&format!("slept until {ms}"))
        })
    });
    threads.into_iter().try_for_each(join)
}

/// Who sleeps until his process has computed for so long does not wake while all sleep.
pub(crate) fn computed() -> Done {
    let other = spawn(|| -> Done {
        let span = TimeSpec::from(millis(30));
        let clock = ClockId::CLOCK_PROCESS_CPUTIME_ID;
        clock_nanosleep(clock, ClockNanosleepFlags::empty(), &span)?;
        say("it has computed")
    });
    sleep(millis(60));
    say("slept 60")?;
    while !other.is_finished() {}
    join(other)
}
