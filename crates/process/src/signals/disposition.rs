//! What a signal does to this process (sigaction(2)).

use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};

use syscall::{Context as _, Errno};

use super::pipe::SelfPipe;
use super::signal::Signal;
use crate::error::{Error, Result};

/// What happens to a system call that waits while a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// It goes on where it can (SA_RESTART): read(2), accept(2), waitpid(2), but never poll(2),
    /// select(2), epoll_wait(2), nanosleep(2) and others that signal(7) lists.
    Restart,
    /// It fails with EINTR.
    Interrupt,
}

/// A signal's disposition as long as this lives; dropping it restores the one before.
///
/// There is one at a time for each signal in a process: handlers belong to the whole of it.
#[derive(Debug)]
#[must_use = "dropping it restores the disposition that was before"]
pub struct Disposition {
    signal: Signal,
    before: Before,
    /// Open as long as a handler may write to it.
    _pipe: Option<Arc<OwnedFd>>,
}

struct Before(libc::sigaction);

impl std::fmt::Debug for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#x}", self.0.sa_sigaction)
    }
}

/// All that a handler touches: atomics, one row for each number up to SIGRTMAX.
struct Row {
    taken: AtomicBool,
    count: AtomicU64,
    pipe: AtomicI32,
    /// Whose pipe it is: a child inherits it and must leave it alone.
    owner: AtomicI32,
    /// How many threads are inside of the handler.
    inside: AtomicU32,
}

static ROWS: [Row; 128] = [const {
    Row {
        taken: AtomicBool::new(false),
        count: AtomicU64::new(0),
        pipe: AtomicI32::new(-1),
        owner: AtomicI32::new(0),
        inside: AtomicU32::new(0),
    }
}; 128];

/// The only handler there is. Atomics, getpid(2) and write(2) are all that it uses, and errno is
/// afterwards what it was (signal-safety(7)).
extern "C" fn handler(number: libc::c_int) {
    let Some(row) = usize::try_from(number).ok().and_then(|at| ROWS.get(at)) else { return };
    row.inside.fetch_add(1, Ordering::SeqCst);
    row.count.fetch_add(1, Ordering::SeqCst);
    let pipe = row.pipe.load(Ordering::SeqCst);
    if pipe >= 0 && row.owner.load(Ordering::SeqCst) == nix::unistd::getpid().as_raw() {
        let (errno, byte) = (Errno::last_raw(), number.to_le_bytes());
        // SAFETY: one byte of `byte` is read; the descriptor is open, since dropping the
        // disposition waits for `inside` before it lets go of it. A full pipe is full.
        unsafe { libc::write(pipe, byte.as_ptr().cast(), 1) };
        Errno::set_raw(errno);
    }
    row.inside.fetch_sub(1, Ordering::SeqCst);
}

impl Disposition {
    /// Throws it away (SIG_IGN). For SIGCHLD this means that the kernel reaps, and that nobody
    /// learns how a child has ended ([`crate::Exit::Lost`]); children inherit it even through an
    /// execve(2).
    ///
    /// # Errors
    /// [`Error::Handled`]; EINVAL for SIGKILL and SIGSTOP.
    pub fn ignore(signal: impl Into<Signal>) -> Result<Self> {
        Self::install(signal.into(), libc::SIG_IGN, 0, None)
    }

    /// The default action (SIG_DFL), see the table in signal(7).
    ///
    /// # Errors
    /// As [`Disposition::ignore`].
    pub fn default(signal: impl Into<Signal>) -> Result<Self> {
        Self::install(signal.into(), libc::SIG_DFL, 0, None)
    }

    /// Counts it.
    ///
    /// # Errors
    /// As [`Disposition::ignore`]; EINVAL also for SIGSEGV, SIGBUS, SIGFPE and SIGILL: a handler
    /// that returns from these goes back to the instruction that failed, for ever.
    pub fn count(signal: impl Into<Signal>, calls: Calls) -> Result<Self> {
        Self::handle(signal.into(), calls, None)
    }

    /// Counts it and writes its number to the pipe.
    ///
    /// # Errors
    /// As [`Disposition::count`].
    pub fn wake(signal: impl Into<Signal>, pipe: &SelfPipe, calls: Calls) -> Result<Self> {
        Self::handle(signal.into(), calls, Some(Arc::clone(&pipe.writer)))
    }

    /// The signal.
    pub fn signal(&self) -> Signal {
        self.signal
    }

    /// How often the handler has run. Standard signals that are sent while one of them is still
    /// held back are one (signal(7)); only real-time signals are queued.
    pub fn seen(&self) -> u64 {
        self.row().count.load(Ordering::SeqCst)
    }

    fn row(&self) -> &'static Row {
        row(self.signal)
    }

    fn handle(signal: Signal, calls: Calls, pipe: Option<Arc<OwnedFd>>) -> Result<Self> {
        let faults = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL];
        if faults.contains(&signal.number()) {
            return Err(Errno::EINVAL).call_on("sigaction", signal).map_err(Error::from);
        }
        let flags = if calls == Calls::Restart { libc::SA_RESTART } else { 0 };
        Self::install(signal, handler as *const () as libc::sighandler_t, flags, pipe)
    }

    fn install(
        signal: Signal,
        action: libc::sighandler_t,
        flags: i32,
        pipe: Option<Arc<OwnedFd>>,
    ) -> Result<Self> {
        let row = row(signal);
        if row.taken.swap(true, Ordering::SeqCst) {
            return Err(Error::Handled(signal.number()));
        }
        row.count.store(0, Ordering::SeqCst);
        row.owner.store(nix::unistd::getpid().as_raw(), Ordering::SeqCst);
        row.pipe.store(pipe.as_ref().map_or(-1, AsRawFd::as_raw_fd), Ordering::SeqCst);
        // SAFETY: a sigaction consists of integers and an optional pointer: zeros are a value.
        let mut new: libc::sigaction = unsafe { std::mem::zeroed() };
        (new.sa_sigaction, new.sa_flags) = (action, flags);
        match set(signal, &new).call_on("sigaction", signal) {
            Ok(before) => Ok(Self { signal, before: Before(before), _pipe: pipe }),
            Err(error) => {
                row.pipe.store(-1, Ordering::SeqCst);
                row.taken.store(false, Ordering::SeqCst);
                Err(error.into())
            }
        }
    }
}

/// A Signal is at most SIGRTMAX, which is 64, or 127 on MIPS.
fn row(signal: Signal) -> &'static Row {
    &ROWS[usize::try_from(signal.number()).unwrap_or(0) % ROWS.len()]
}

fn set(signal: Signal, new: &libc::sigaction) -> nix::Result<libc::sigaction> {
    // SAFETY: as above.
    let mut before: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: `new` is a handler of ours, SIG_IGN, SIG_DFL or what was installed before, each of
    // which may run at any time; `before` is ours.
    Errno::result(unsafe { libc::sigaction(signal.number(), new, &raw mut before) })?;
    Ok(before)
}

impl Drop for Disposition {
    fn drop(&mut self) {
        // It was the kernel's own answer, so it is taken back.
        let _ = set(self.signal, &self.before.0);
        let row = self.row();
        row.pipe.store(-1, Ordering::SeqCst);
        // Another thread may be inside for a few instructions more; then the pipe may close.
        while row.inside.load(Ordering::SeqCst) > 0 {
            std::hint::spin_loop();
        }
        row.taken.store(false, Ordering::SeqCst);
    }
}
