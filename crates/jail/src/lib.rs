//! A folder that nobody leaves: names that strangers send, resolved beneath it.
//!
//! A [`Dir`] is the folder's descriptor, and every name is resolved from there by the kernel in one
//! call (openat2(2) with RESOLVE_BENEATH). There is no moment between a check and its use: whoever
//! swaps a folder for a symbolic link at the same time changes what is found, never where it lies.
//! Symbolic links that stay inside are followed, those that lead out are [`Error::Outside`]. Mount
//! points are part of the folder: who mounts something there wants it seen.
//!
//! What is found is looked at through a descriptor that opens nothing (O_PATH), and only what turns
//! out to be an ordinary file is opened. So a FIFO never blocks, a tape is never rewound, and nobody
//! is served a device.
//!
//! Where openat2 does not exist (Linux before 5.6) or is refused (a seccomp filter that is older than
//! the call), names are walked by a slower way that follows no symbolic link at all.
//!
//! Needs /proc: it is the only way from an O_PATH descriptor to one that can be read.

#![forbid(unsafe_code)]

mod dir;
mod entries;
mod error;
mod found;
mod name;
mod resolve;

pub use dir::Dir;
pub use entries::Entry;
pub use error::{Error, Result};
pub use found::Found;
