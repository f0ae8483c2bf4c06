//! Time as a signal and as a descriptor (alarm(2), setitimer(2), timerfd_create(2)).

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::time::TimeSpec;
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
use nix::unistd::read;
use syscall::{Context as _, Deadline, Errno, Result, retry};

/// Sends SIGALRM to this process after `after`, as alarm(2) does, in microseconds instead of
/// seconds (setitimer(2), CPython `signal.setitimer`). Zero calls it off.
///
/// There is one such timer in a process: a second one takes the place of the first, of which the
/// time that was left is given back. The default action of SIGALRM ends the process, so handle it
/// or hold it back before. Children do not inherit the timer.
///
/// # Errors
/// EINVAL for a time that is too long for a time_t.
pub fn alarm(after: Duration) -> Result<Option<Duration>> {
    let mut micros = after.subsec_micros();
    if !after.subsec_nanos().is_multiple_of(1000) {
        // Rounded up: a rest of less than a microsecond must not call it off.
        micros += 1;
    }
    let seconds = after.as_secs().saturating_add(u64::from(micros / 1_000_000));
    let seconds = seconds.try_into().map_err(|_| Errno::EINVAL).call_on("setitimer", seconds)?;
    let zero = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let value = libc::timeval { tv_sec: seconds, tv_usec: (micros % 1_000_000).into() };
    let new = libc::itimerval { it_interval: zero, it_value: value };
    let mut old = libc::itimerval { it_interval: zero, it_value: zero };
    // SAFETY: both live through the call, and it writes to the second one only, our own.
    let done = unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const new, &raw mut old) };
    Errno::result(done).call("setitimer")?;
    let seconds = Duration::from_secs(old.it_value.tv_sec.try_into().unwrap_or(0));
    let left = seconds + Duration::from_micros(old.it_value.tv_usec.try_into().unwrap_or(0));
    Ok((!left.is_zero()).then_some(left))
}

/// A timer that is a descriptor, readable when its time has come, on the monotonic clock. Many may
/// run side by side, and no signal is involved.
#[derive(Debug)]
pub struct Timer(TimerFd);

impl Timer {
    /// Once, after this time.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM; EINVAL for a time that is too long for a time_t.
    pub fn after(time: Duration) -> Result<Self> {
        Self::set(time, Expiration::OneShot)
    }

    /// Again and again, the first time after one interval.
    ///
    /// # Errors
    /// As [`Timer::after`].
    pub fn every(interval: Duration) -> Result<Self> {
        Self::set(interval, Expiration::Interval)
    }

    fn set(time: Duration, when: fn(TimeSpec) -> Expiration) -> Result<Self> {
        let flags = TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags).call("timerfd_create")?;
        // Zero would call it off instead of being over at once.
        let time = TimeSpec::from_duration(time.max(Duration::from_nanos(1)));
        timer.set(when(time), TimerSetTimeFlags::empty()).call("timerfd_settime")?;
        Ok(Self(timer))
    }

    /// How often its time has come since the last call that told so; waits for it, and gives 0
    /// when the deadline has passed first.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn wait(&self, deadline: Deadline) -> Result<u64> {
        loop {
            let mut count = [0; 8];
            match retry(|| read(&self.0, &mut count)) {
                Ok(_) => return Ok(u64::from_ne_bytes(count)),
                Err(Errno::EAGAIN) if deadline.has_passed() => return Ok(0),
                Err(Errno::EAGAIN) => {}
                Err(errno) => return Err(errno).call("read"),
            }
            let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
            match poll(&mut [PollFd::new(self.as_fd(), PollFlags::POLLIN)], timeout) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno).call("poll"),
            }
        }
    }
}

impl AsFd for Timer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
