//! What a handler does about the signal that it got.

use std::sync::atomic::{AtomicI32, Ordering};

use nix::libc::c_int;

static LAST: AtomicI32 = AtomicI32::new(0);

/// Leaves a note for the program, which does the rest where it knows what it holds.
pub(crate) extern "C" fn note(number: c_int) {
    LAST.store(number, Ordering::SeqCst);
}
