//! What a handler does about the signal that it got.

use nix::libc::c_int;

use crate::locked::LOG;

/// WRONG: the code that was interrupted may hold this very lock, and it goes on only when we
/// return. println!, format! and Box take locks in the same way, without saying so.
pub(crate) extern "C" fn note(number: c_int) {
    if let Ok(mut log) = LOG.lock() {
        log.push(number);
    }
}
