//! A signal's number and its name (signal(7)).

use std::fmt;

use nix::unistd::Pid;

/// A signal that a program may use: a standard one, or one of the real-time signals that libc has
/// left free. `nix::sys::signal::Signal`, which knows only the standard ones, turns into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Signal(i32);

impl Signal {
    /// From a number; `None` for 0, for numbers beyond SIGRTMAX, and for 32 and 33, which libc
    /// keeps to itself.
    pub fn new(number: i32) -> Option<Self> {
        let standard = nix::sys::signal::Signal::try_from(number).is_ok();
        let real_time = (libc::SIGRTMIN()..=libc::SIGRTMAX()).contains(&number);
        (standard || real_time).then_some(Self(number))
    }

    /// SIGRTMIN+n; `None` above SIGRTMAX. How many there are is libc's decision (31 with glibc), so
    /// their numbers must not be written down.
    ///
    /// Unlike standard signals they are queued: five sent while blocked are five, in the order in
    /// which they were sent, lower numbers first.
    pub fn real_time(n: u8) -> Option<Self> {
        Self::new(libc::SIGRTMIN() + i32::from(n))
    }

    /// Its number.
    pub fn number(self) -> i32 {
        self.0
    }
}

impl From<nix::sys::signal::Signal> for Signal {
    fn from(signal: nix::sys::signal::Signal) -> Self {
        Self(signal as i32)
    }
}

impl fmt::Display for Signal {
    /// As `kill -l` has it: `SIGUSR1`, `SIGRTMIN+3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match nix::sys::signal::Signal::try_from(self.0) {
            Ok(signal) => f.write_str(signal.as_str()),
            Err(_) => match self.0 - libc::SIGRTMIN() {
                0 => f.write_str("SIGRTMIN"),
                n => write!(f, "SIGRTMIN+{n}"),
            },
        }
    }
}

/// What came with a signal (sigaction(2), siginfo_t).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// Which one.
    pub signal: Signal,
    /// Who sent it; `None` when it was the kernel (a timer, a terminal). For SIGCHLD, the child.
    pub sender: Option<Pid>,
    /// What was sent along ([`Child::queue`](crate::Child::queue), sigqueue(3)).
    pub value: Option<i32>,
}

impl Info {
    /// From the fields that siginfo_t and signalfd_siginfo have in common.
    pub(super) fn new(number: i32, code: i32, pid: i32, value: i32) -> Option<Self> {
        let has_pid = matches!(code, libc::SI_USER | libc::SI_QUEUE | libc::SI_TKILL)
            || number == libc::SIGCHLD;
        Some(Self {
            signal: Signal::new(number)?,
            sender: has_pid.then(|| Pid::from_raw(pid)),
            value: (code == libc::SI_QUEUE).then_some(value),
        })
    }
}
