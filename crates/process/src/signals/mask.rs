//! Holding signals back, and waiting for those that are held back (sigprocmask(2),
//! sigsuspend(2), sigwaitinfo(2)).

use std::marker::PhantomData;

use syscall::{Context as _, Deadline, Errno, Result};

use super::signal::{Info, Signal};

/// A set of signals (sigsetops(3)), real-time signals included.
#[derive(Clone, Copy)]
pub struct Set(libc::sigset_t);

impl Set {
    /// Without any.
    pub fn empty() -> Self {
        // SAFETY: a sigset_t is an array of integers: zeros are a value of it.
        let mut set = unsafe { std::mem::zeroed() };
        // SAFETY: `set` is ours; the call cannot fail.
        unsafe { libc::sigemptyset(&raw mut set) };
        Self(set)
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, signal: impl Into<Signal>) -> Self {
        // SAFETY: `self.0` is ours, and a Signal is a valid number.
        unsafe { libc::sigaddset(&raw mut self.0, signal.into().number()) };
        self
    }

    /// With one less.
    #[must_use]
    pub fn without(mut self, signal: impl Into<Signal>) -> Self {
        // SAFETY: `self.0` is ours, and a Signal is a valid number.
        unsafe { libc::sigdelset(&raw mut self.0, signal.into().number()) };
        self
    }

    /// Whether it is in it.
    pub fn contains(&self, signal: impl Into<Signal>) -> bool {
        // SAFETY: `self.0` is ours, and a Signal is a valid number.
        unsafe { libc::sigismember(&raw const self.0, signal.into().number()) == 1 }
    }

    /// All that are in it, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = Signal> {
        (1..=libc::SIGRTMAX()).filter_map(Signal::new).filter(|&signal| self.contains(signal))
    }

    /// What the calling thread holds back now.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn blocked() -> Result<Self> {
        change(libc::SIG_BLOCK, &Self::empty())
    }

    /// What was sent to this process or thread and is held back (sigpending(2)).
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn pending() -> Result<Self> {
        let mut set = Self::empty();
        // SAFETY: `set` is ours and lives through the call.
        Errno::result(unsafe { libc::sigpending(&raw mut set.0) }).call("sigpending")?;
        Ok(set)
    }

    pub(super) fn as_raw(&self) -> &libc::sigset_t {
        &self.0
    }
}

impl<S: Into<Signal>> FromIterator<S> for Set {
    fn from_iter<I: IntoIterator<Item = S>>(signals: I) -> Self {
        signals.into_iter().fold(Self::empty(), Self::with)
    }
}

impl std::fmt::Debug for Set {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(|signal| signal.to_string())).finish()
    }
}

/// Changes the mask of the calling thread and gives the old one.
fn change(how: i32, set: &Set) -> Result<Set> {
    let mut before = Set::empty();
    // SAFETY: both sets live through the call, and it writes to the second one, which is ours.
    let errno = unsafe { libc::pthread_sigmask(how, &raw const set.0, &raw mut before.0) };
    // It gives its error back instead of setting errno.
    if errno == 0 { Ok(before) } else { Err(Errno::from_raw(errno)).call("rt_sigprocmask") }
}

/// Signals that the calling thread holds back as long as this lives. They are not lost: they take
/// effect when it is dropped, which restores the mask to what it was. Nested ones are to be
/// dropped in reverse order, as scopes do it.
#[derive(Debug)]
#[must_use = "dropping it lets the signals through again"]
pub struct Masked {
    set: Set,
    before: Set,
    /// A mask belongs to a thread.
    not_send: PhantomData<*const ()>,
}

impl Masked {
    /// Holds these back. SIGKILL and SIGSTOP cannot be; that is silently so (sigprocmask(2)).
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn block<S: Into<Signal>>(signals: impl IntoIterator<Item = S>) -> Result<Self> {
        let set = signals.into_iter().collect();
        Ok(Self { before: change(libc::SIG_BLOCK, &set)?, set, not_send: PhantomData })
    }

    /// What it holds back.
    pub fn set(&self) -> &Set {
        &self.set
    }

    /// Lets the signals through and sleeps until a handler has run, both in one step: one that
    /// came before, while they were held back, ends the sleep at once. With pause(2) it would
    /// have been handled in the gap before the sleep, which would then last for ever.
    ///
    /// Other signals end it too, so ask for what you wait for, in a loop:
    /// `while hits.seen() == 0 { masked.suspend() }`.
    pub fn suspend(&self) {
        let open = self.set.iter().fold(self.before, Set::without);
        // SAFETY: the set lives through the call, which always ends with EINTR.
        unsafe { libc::sigsuspend(&raw const open.0) };
    }

    /// Takes one of the signals, without any handler; waits for one until the time is over, then
    /// `None`. The lowest number comes first.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn wait(&self, deadline: Deadline) -> Result<Option<Info>> {
        loop {
            // SAFETY: a siginfo_t consists of integers and pointers: zeros are a value of it.
            let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
            let set = &raw const self.set.0;
            // A day at a time, so that no deadline is too far away for a time_t.
            let left = deadline
                .remaining()
                .map_or(86_400_000, |left| left.as_nanos().div_ceil(1_000_000).min(86_400_000));
            let (seconds, rest) = (left / 1000, left % 1000 * 1_000_000);
            let limit = libc::timespec {
                tv_sec: seconds.try_into().unwrap_or(0),
                tv_nsec: rest.try_into().unwrap_or(0),
            };
            // SAFETY: all three live through the call, and it writes to `info` only, our own.
            let taken = unsafe { libc::sigtimedwait(set, &raw mut info, &raw const limit) };
            match Errno::result(taken) {
                Ok(number) => {
                    // SAFETY: any sender's siginfo has these bytes; Info uses them where they
                    // mean a pid.
                    let pid = unsafe { info.si_pid() };
                    // SAFETY: the same, for the value of sigqueue(3).
                    let value = unsafe { info.si_value() };
                    let value = int_of(value);
                    return Ok(Info::new(number, info.si_code, pid, value));
                }
                Err(Errno::EAGAIN) if deadline.has_passed() => return Ok(None),
                Err(Errno::EAGAIN | Errno::EINTR) => {}
                Err(errno) => return Err(errno).call("rt_sigtimedwait"),
            }
        }
    }
}

/// The `int` member of a sigval union, which shares its bytes with the pointer.
fn int_of(value: libc::sigval) -> i32 {
    let bytes = value.sival_ptr.addr().to_ne_bytes();
    let [a, b, c, d, ..] = bytes;
    i32::from_ne_bytes([a, b, c, d])
}

impl Drop for Masked {
    fn drop(&mut self) {
        // It has worked before.
        let _ = change(libc::SIG_SETMASK, &self.before);
    }
}
