//! Names for processes, as CPython's multiprocessing gives them: `Process-1`, and in it
//! `Process-1:1` for its own first child.

use std::ffi::CStr;
use std::sync::{Mutex, PoisonError};

/// What the calling process is called, and how many [`crate::Process`] it has made.
struct Myself {
    name: Option<String>,
    /// `1:2` for the second child of the first child.
    identity: String,
    made: u64,
}

static MYSELF: Mutex<Myself> = Mutex::new(Myself { name: None, identity: String::new(), made: 0 });

fn myself<T>(look: impl FnOnce(&mut Myself) -> T) -> T {
    look(&mut MYSELF.lock().unwrap_or_else(PoisonError::into_inner))
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

/// In the child: takes the name on, for ps(1) too, which shows 15 bytes of it (PR_SET_NAME).
pub(crate) fn take_on(name: String, identity: String) {
    let mut shown = [0; 16];
    // The last byte stays 0; a name with a NUL in it ends there.
    let length = name.len().min(15);
    shown[..length].copy_from_slice(&name.as_bytes()[..length]);
    if let Ok(shown) = CStr::from_bytes_until_nul(&shown) {
        // It cannot fail with a valid string, and nothing depends on it.
        let _ = nix::sys::prctl::set_name(shown);
    }
    myself(|me| *me = Myself { name: Some(name), identity, made: 0 });
}
