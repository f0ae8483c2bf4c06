//! Names for processes, as CPython's multiprocessing gives them: `Process-1`, and in it
//! `Process-1:1` for its own first child.
//!
//! A page of memory that a child writes to is copied for it, and each page of code that it enters
//! for the first time is a fault: a few microseconds, where a whole child takes a hundred. So the
//! parent prepares what the child needs, and the child takes its name on when it is asked for it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use nix::unistd::{Pid, getpid};

/// What the calling process is called, and how many [`crate::Process`] it has made.
struct Myself {
    name: Option<String>,
    /// `1:2` for the second child of the first child.
    identity: String,
    made: u64,
    /// Set by a parent around its fork: in the parent itself it means nothing.
    newborn: Option<Newborn>,
}

/// What a child will find itself called that has any other number than its parent.
pub(crate) struct Newborn {
    pub(crate) parent: Pid,
    pub(crate) name: String,
    pub(crate) identity: String,
}

static MYSELF: Mutex<Myself> =
    Mutex::new(Myself { name: None, identity: String::new(), made: 0, newborn: None });

fn lock() -> MutexGuard<'static, Myself> {
    MYSELF.lock().unwrap_or_else(PoisonError::into_inner)
}

fn myself<T>(look: impl FnOnce(&mut Myself) -> T) -> T {
    let mut me = lock();
    if let Some(Newborn { name, identity, .. }) =
        me.newborn.take_if(|newborn| newborn.parent != getpid())
    {
        *me = Myself { name: Some(name), identity, made: 0, newborn: None };
    }
    look(&mut me)
}

/// The name of the calling process: that of its [`crate::Process`], `MainProcess` for the first
/// one (CPython `current_process().name`).
pub fn current() -> String {
    myself(|me| me.name.clone()).unwrap_or_else(|| "MainProcess".to_owned())
}

/// The identity of the next child. Each one counts, whether it will use it for its name or not.
pub(crate) fn next() -> String {
    myself(|me| {
        me.made += 1;
        if me.identity.is_empty() {
            me.made.to_string()
        } else {
            format!("{}:{}", me.identity, me.made)
        }
    })
}

/// Runs `start`, which forks. The child is called as `newborn` says; its parent gets the name back.
pub(crate) fn give<T>(newborn: Newborn, start: impl FnOnce() -> T) -> (T, String) {
    myself(|me| me.newborn = Some(newborn));
    let started = start();
    (started, lock().newborn.take().map_or_else(String::new, |newborn| newborn.name))
}

/// What ps(1) shall show: 15 bytes, and a 0. A name with a NUL in it ends there.
pub(crate) fn shown(name: &str) -> [u8; 16] {
    let mut shown = [0; 16];
    let length = name.len().min(15);
    shown[..length].copy_from_slice(&name.as_bytes()[..length]);
    shown
}

/// In the child: is shown so (PR_SET_NAME, prctl(2)).
#[inline]
pub(crate) fn show(shown: &[u8; 16]) {
    // SAFETY: the last byte is 0 and ends the string, which lives through the call. It cannot
    // fail with a valid string, and nothing depends on it.
    let _ = unsafe { libc::prctl(libc::PR_SET_NAME, shown.as_ptr()) };
}
