//! Events that are counted by their signals.

use std::ffi::c_void;
use std::io::{self, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::libc::{self, c_int};
use nix::sys::signal::SigSet;
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::getpid;

use crate::child::ask;
use crate::event::signal;

pub(crate) fn run() -> Outcome {
    let told = ask(|| {
        let set = set_of(signal());
        set.thread_block()?;
        let fd = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        // Five while the program is busy with something else.
        for value in 1..=5 {
            queue(signal(), value)?;
        }
        let mut values = Vec::new();
        while let Some(event) = fd.read_signal()? {
            values.push(event.ssi_int);
        }
        Ok(format!("5 events: {} counted, their values {values:?}", values.len()))
    })?;
    writeln!(io::stdout(), "{told}")?;
    Ok(())
}

/// nix's sets are made of its `Signal`, which has no real-time signals: from libc, then.
fn set_of(number: c_int) -> SigSet {
    let mut set = *SigSet::empty().as_ref();
    // SAFETY: the set is ours and initialised, the call writes to nothing else.
    unsafe { libc::sigaddset(&raw mut set, number) };
    // SAFETY: it began as an empty set.
    unsafe { SigSet::from_sigset_t_unchecked(set) }
}

/// sigqueue(3): kill with a number for the receiver, to ourselves (to a
/// child: `process::Child::queue`).
fn queue(number: c_int, value: c_int) -> Outcome {
    // A union of an int and a pointer, of which libc's type for Rust has the pointer only: the
    // int is its first bytes.
    let mut bytes = [0; size_of::<usize>()];
    bytes[..size_of::<c_int>()].copy_from_slice(&value.to_ne_bytes());
    let pointer = std::ptr::without_provenance_mut::<c_void>(usize::from_ne_bytes(bytes));
    let value = libc::sigval { sival_ptr: pointer };
    // SAFETY: three numbers; nobody follows the pointer.
    let done = unsafe { libc::sigqueue(getpid().as_raw(), number, value) };
    Ok(Errno::result(done).map(drop)?)
}
