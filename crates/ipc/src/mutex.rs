//! A robust mutex between processes: pthread_mutexattr_setpshared(3) and _setrobust(3).
//!
//! The kernel knows the list of such locks that a thread holds (get_robust_list(2)); when the thread
//! ends, by SIGKILL too, it marks them, wakes one who waits, and the next owner gets EOWNERDEAD.
//! The note would be gone once somebody has made the mutex consistent, so `doubt` keeps it until
//! the data were looked after.
//!
//! It is an error-checking one as well: who locks it twice gets EDEADLK instead of waiting for
//! itself, and who unlocks what another thread holds (a child its parent's lock) gets EPERM.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::time::TimeSpec;
use nix::time::{ClockId, clock_gettime};
use syscall::{Context as _, Deadline, Errno};

use crate::error::{Error, Result};

/// The mutex and its note.
#[repr(C)]
pub(crate) struct Robust {
    mutex: UnsafeCell<libc::pthread_mutex_t>,
    doubt: AtomicU32,
}

// SAFETY: a process-shared mutex is used through its address by any thread of any process.
unsafe impl Sync for Robust {}
// SAFETY: as above; it is only ever moved before it is initialised.
unsafe impl Send for Robust {}

impl std::fmt::Debug for Robust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Robust").field("doubt", &self.doubt).finish_non_exhaustive()
    }
}

impl Robust {
    /// Not yet to be locked: [`Robust::init`] comes when it lies where it will stay.
    pub(crate) fn new() -> Self {
        let mutex = UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER);
        Self { mutex, doubt: AtomicU32::new(0) }
    }

    /// # Safety
    /// It lies in memory that the processes share, and nobody has locked it yet. It is not moved
    /// any more.
    pub(crate) unsafe fn init(&self) -> Result<()> {
        // SAFETY: an attribute object consists of integers; it is initialised before its use.
        let mut attributes: libc::pthread_mutexattr_t = unsafe { std::mem::zeroed() };
        let attr = &raw mut attributes;
        // SAFETY: memory of our own.
        done("pthread_mutexattr_init", unsafe { libc::pthread_mutexattr_init(attr) })?;
        let shared = libc::PTHREAD_PROCESS_SHARED;
        // SAFETY: initialised above; so for the next two.
        done("pthread_mutexattr_setpshared", unsafe {
            libc::pthread_mutexattr_setpshared(attr, shared)
        })?;
        let robust = libc::PTHREAD_MUTEX_ROBUST;
        // SAFETY: as above.
        done("pthread_mutexattr_setrobust", unsafe {
            libc::pthread_mutexattr_setrobust(attr, robust)
        })?;
        let checking = libc::PTHREAD_MUTEX_ERRORCHECK;
        // SAFETY: as above.
        done("pthread_mutexattr_settype", unsafe {
            libc::pthread_mutexattr_settype(attr, checking)
        })?;
        // SAFETY: by the contract of this function.
        let made = unsafe { libc::pthread_mutex_init(self.mutex.get(), attr) };
        // SAFETY: initialised above, and not used any more.
        unsafe { libc::pthread_mutexattr_destroy(attr) };
        Ok(done("pthread_mutex_init", made)?)
    }

    /// True when the data may be half changed. The caller unlocks it.
    pub(crate) fn lock(&self, deadline: Deadline) -> Result<bool> {
        let mutex = self.mutex.get();
        let code = match deadline {
            // SAFETY: it was initialised before anybody else could see it; so for all below.
            Deadline::Now => unsafe { libc::pthread_mutex_trylock(mutex) },
            // SAFETY: as above.
            Deadline::Never => unsafe { libc::pthread_mutex_lock(mutex) },
            // SAFETY: as above. An open one is not worth a look at the clock.
            Deadline::At(_) => match unsafe { libc::pthread_mutex_trylock(mutex) } {
                libc::EBUSY => lock_until(mutex, deadline)?,
                code => code,
            },
        };
        match Errno::from_raw(code) {
            Errno::EOWNERDEAD => {
                self.doubt.store(1, Ordering::Relaxed);
                // SAFETY: this thread owns it and was told EOWNERDEAD.
                done("pthread_mutex_consistent", unsafe { libc::pthread_mutex_consistent(mutex) })?;
            }
            Errno::EBUSY | Errno::ETIMEDOUT => return Err(Error::TimedOut),
            _ => done("pthread_mutex_lock", code)?,
        }
        Ok(self.doubt.load(Ordering::Relaxed) != 0)
    }

    /// Opens it, if the calling thread holds it; otherwise nothing happens (EPERM).
    pub(crate) fn unlock(&self) {
        // SAFETY: initialised; the mutex checks who asks.
        unsafe { libc::pthread_mutex_unlock(self.mutex.get()) };
    }

    /// Whether the calling thread holds it.
    pub(crate) fn is_ours(&self) -> bool {
        // SAFETY: initialised.
        match unsafe { libc::pthread_mutex_trylock(self.mutex.get()) } {
            libc::EDEADLK => true,
            0 | libc::EOWNERDEAD => {
                // It was nobody's: open it again.
                self.unlock();
                false
            }
            _ => false,
        }
    }

    /// The owner says whether the data may be half changed.
    pub(crate) fn set_doubt(&self, doubt: bool) {
        self.doubt.store(doubt.into(), Ordering::Relaxed);
    }
}

fn done(call: &'static str, code: i32) -> syscall::Result<()> {
    if code == 0 { Ok(()) } else { Err(Errno::from_raw(code)).call(call) }
}

#[cfg(target_env = "gnu")]
unsafe extern "C" {
    /// glibc 2.30, POSIX.1-2024. The libc crate does not have it yet.
    fn pthread_mutex_clocklock(
        mutex: *mut libc::pthread_mutex_t,
        clock: libc::clockid_t,
        until: *const libc::timespec,
    ) -> libc::c_int;
}

/// By the monotonic clock, which nobody can set.
#[cfg(target_env = "gnu")]
fn lock_until(mutex: *mut libc::pthread_mutex_t, deadline: Deadline) -> syscall::Result<i32> {
    let until = moment(ClockId::CLOCK_MONOTONIC, deadline)?;
    // SAFETY: the mutex is initialised, the moment is our own.
    Ok(unsafe { pthread_mutex_clocklock(mutex, libc::CLOCK_MONOTONIC, until.as_ref()) })
}

/// Other C libraries have pthread_mutex_timedlock(3) only, whose deadline moves when somebody sets
/// the clock.
#[cfg(not(target_env = "gnu"))]
fn lock_until(mutex: *mut libc::pthread_mutex_t, deadline: Deadline) -> syscall::Result<i32> {
    let until = moment(ClockId::CLOCK_REALTIME, deadline)?;
    // SAFETY: the mutex is initialised, the moment is our own.
    Ok(unsafe { libc::pthread_mutex_timedlock(mutex, until.as_ref()) })
}

fn moment(clock: ClockId, deadline: Deadline) -> syscall::Result<TimeSpec> {
    let left = deadline.remaining().unwrap_or_default();
    Ok(clock_gettime(clock).call("clock_gettime")? + TimeSpec::from_duration(left))
}
