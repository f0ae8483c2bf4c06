//! Pipes that carry messages, after CPython's `multiprocessing.Pipe`.
//!
//! A message is bytes, also none at all; messages never merge and are never cut. Each goes out
//! with its length in front of it, in one call, and is read together with what lies behind it: a
//! small message costs one system call at either end, as bare bytes do.
//!
//! | | is made of | directions | descriptors can be passed |
//! |---|---|---|---|
//! | [`Pipe::simplex`] | a pipe(7) | one | no |
//! | [`Pipe::duplex`] | two of them | both | no |
//! | [`Pipe::carrier`] | a pair of Unix sockets (unix(7)) | both | yes |
//!
//! CPython's duplex pipe is a pair of Unix sockets. Two pipes answer in about half the time, so
//! sockets are for those who need what only they can do. What an end cannot do (sending on the
//! receiving end, passing descriptors through a pipe) is an OSError in CPython and does not
//! compile here.
//!
//! The ends are copied by fork(2) and closed by exec. **Whoever keeps an end that is not his own
//! hides its end from the other side**: after the fork the parent drops the child's end, and the
//! child the parent's.
//!
//! - One process receives from an end: it reads ahead, and what it has read nobody else gets.
//! - Several processes may send through copies of one [`Sender`] at the same time, up to
//!   [`ATOMIC`] bytes a message: the kernel does not mix those. For longer ones they need a lock
//!   ([`crate::FileLock`]).
//! - SIGPIPE must be ignored, as it is in every Rust program from its start; then a peer that has
//!   gone is EPIPE. A [`Carrier`] never raises it.

mod carrier;
mod duplex;
mod frame;
mod incoming;
mod outgoing;
mod simplex;
mod stream;

pub use carrier::Carrier;
pub use duplex::Connection;
pub use simplex::{Receiver, Sender};

use crate::error::Result;

/// The longest message, in bytes: 64 MiB. A longer one is [`crate::Error::TooLarge`] before a byte
/// of it is sent; one that a peer announces is the same before any memory is set aside.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The longest message, in bytes, that several copies of one [`Sender`] may send at the same time:
/// PIPE_BUF (pipe(7)) without the length.
pub const ATOMIC: usize = libc::PIPE_BUF - frame::HEADER;

/// The most descriptors in a message: what the kernel lets through at once (unix(7)).
pub const MOST_DESCRIPTORS: usize = crate::passing::MOST;

/// Makes pipes.
#[derive(Clone, Copy, Debug)]
pub enum Pipe {}

impl Pipe {
    /// One direction: CPython's `Pipe(duplex=False)`, in the same order (pipe2(2)).
    ///
    /// # Errors
    /// EMFILE, ENFILE (no descriptor is left).
    pub fn simplex() -> Result<(Receiver, Sender)> {
        simplex::pair()
    }

    /// Both directions, with equal ends: CPython's `Pipe()`.
    ///
    /// # Errors
    /// EMFILE, ENFILE (no descriptor is left).
    pub fn duplex() -> Result<(Connection, Connection)> {
        let ((here, there), (back_here, back_there)) = (Self::simplex()?, Self::simplex()?);
        Ok((Connection::new(here, back_there), Connection::new(back_here, there)))
    }

    /// Both directions, and descriptors with the messages: CPython's `Pipe()` with
    /// `multiprocessing.reduction.send_handle` (socketpair(2), SCM_RIGHTS).
    ///
    /// # Errors
    /// EMFILE, ENFILE (no descriptor is left).
    pub fn carrier() -> Result<(Carrier, Carrier)> {
        carrier::pair()
    }
}
