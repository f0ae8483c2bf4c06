//! Lock: a mutex of POSIX threads in shared memory. The finished form is in `ipc`.

use std::mem::MaybeUninit;
use std::time::SystemTime;

use libc::{pthread_mutex_t, pthread_mutexattr_t, timespec};
use syscall::{Context as _, Deadline, Errno, Result};

use crate::kind::kind;
use crate::map::Map;

/// Unlike a semaphore it has an owner, and only the owner unlocks it. It is not destroyed when the
/// handle is dropped: that is a copy, others may hold it.
pub(crate) struct Mutex(Map<pthread_mutex_t>);

/// These functions return the errno instead of setting it.
fn done(code: i32) -> std::result::Result<(), Errno> {
    if code == 0 { Ok(()) } else { Err(Errno::from_raw(code)) }
}

impl Mutex {
    pub(crate) fn new() -> Result<Self> {
        let mut attributes = Attributes::new()?;
        kind(&mut attributes)?;
        let memory = Map::<pthread_mutex_t>::anonymous()?;
        // SAFETY: the memory has the size of a mutex and is aligned, and nobody knows it yet; the
        // attributes are initialised.
        let code = unsafe { libc::pthread_mutex_init(memory.as_ptr(), &raw const attributes.0) };
        done(code).call("pthread_mutex_init")?;
        Ok(Self(memory))
    }

    /// `with lock:`. The work gets the lock by reference, so that it cannot keep it.
    ///
    /// ETIMEDOUT (EBUSY for `Now`), EDEADLK when we hold it ourselves, ENOTRECOVERABLE.
    pub(crate) fn with<T>(
        &self,
        deadline: Deadline,
        work: impl FnOnce(&Held) -> T,
    ) -> std::result::Result<T, Errno> {
        let mutex = self.0.as_ptr();
        let code = match deadline {
            // SAFETY: `new` has made it, and it is mapped for as long as `self` lives.
            Deadline::Never => unsafe { libc::pthread_mutex_lock(mutex) },
            // SAFETY: as above.
            Deadline::Now => unsafe { libc::pthread_mutex_trylock(mutex) },
            Deadline::At(_) => {
                let until = wall_clock(deadline);
                // SAFETY: as above, and the time is ours.
                unsafe { libc::pthread_mutex_timedlock(mutex, &raw const until) }
            }
        };
        // EOWNERDEAD is a success: we have the lock. What it protects is as the dead have left it.
        let owner_died = code == libc::EOWNERDEAD;
        if !owner_died {
            done(code)?;
        }
        // Dropped on every way out of `work`: that is the unlock.
        let held = Held { mutex: self, owner_died };
        Ok(work(&held))
    }

    /// Whoever does not hold it gets EPERM.
    pub(crate) fn unlock(&self) -> std::result::Result<(), Errno> {
        // SAFETY: as in `with`. A mutex that checks (see `kind`) refuses all but its owner.
        done(unsafe { libc::pthread_mutex_unlock(self.0.as_ptr()) })
    }
}

/// The lock, for as long as the work lasts.
pub(crate) struct Held<'a> {
    mutex: &'a Mutex,
    pub(crate) owner_died: bool,
}

impl Held<'_> {
    /// "I have repaired it." Without this word the unlock makes the mutex useless for all, for
    /// ever: ENOTRECOVERABLE.
    pub(crate) fn consistent(&self) -> std::result::Result<(), Errno> {
        // SAFETY: we hold it, so it is there and initialised.
        done(unsafe { libc::pthread_mutex_consistent(self.mutex.0.as_ptr()) })
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let _ = self.mutex.unlock();
    }
}

/// Until when, by CLOCK_REALTIME: the only clock that POSIX knows here. Who sets the clock moves
/// the deadline.
fn wall_clock(deadline: Deadline) -> timespec {
    let left = deadline.remaining().unwrap_or_default();
    let until = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().saturating_add(left);
    timespec {
        tv_sec: libc::time_t::try_from(until.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: until.subsec_nanos().into(),
    }
}

/// What a mutex is made with. They are a few integers in glibc and musl, and hold nothing else:
/// leaving them undestroyed leaves nothing behind.
pub(crate) struct Attributes(pthread_mutexattr_t);

impl Attributes {
    fn new() -> Result<Self> {
        let mut new = MaybeUninit::uninit();
        // SAFETY: the memory has the size of what is made there.
        done(unsafe { libc::pthread_mutexattr_init(new.as_mut_ptr()) })
            .call("pthread_mutexattr_init")?;
        // SAFETY: it has succeeded.
        Ok(Self(unsafe { new.assume_init() }))
    }

    /// For several processes. Without it the kernel looks for waiters in this process only.
    pub(crate) fn shared(&mut self) -> Result<()> {
        let to = libc::PTHREAD_PROCESS_SHARED;
        // SAFETY: `new` has initialised them.
        let code = unsafe { libc::pthread_mutexattr_setpshared(&raw mut self.0, to) };
        done(code).call("pthread_mutexattr_setpshared")
    }

    /// Locking it twice is EDEADLK instead of waiting for oneself, unlocking what one does not
    /// hold is EPERM instead of undefined.
    pub(crate) fn checked(&mut self) -> Result<()> {
        let to = libc::PTHREAD_MUTEX_ERRORCHECK;
        // SAFETY: `new` has initialised them.
        let code = unsafe { libc::pthread_mutexattr_settype(&raw mut self.0, to) };
        done(code).call("pthread_mutexattr_settype")
    }

    /// The owner's death is told to the next one.
    pub(crate) fn robust(&mut self) -> Result<()> {
        let to = libc::PTHREAD_MUTEX_ROBUST;
        // SAFETY: `new` has initialised them.
        let code = unsafe { libc::pthread_mutexattr_setrobust(&raw mut self.0, to) };
        done(code).call("pthread_mutexattr_setrobust")
    }
}
