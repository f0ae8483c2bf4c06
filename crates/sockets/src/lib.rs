//! Sockets with everything said aloud: backlog, options, limits, deadlines.
//!
//! - [`addr`]: `HOST:PORT` as people write it;
//! - [`tcp`], [`udp`], [`unix`]: constructors that name each option, over socket2, giving std's
//!   types back;
//! - [`framing`]: messages out of a byte stream, by delimiter or by length, with a limit;
//! - [`inherited`]: sockets that were handed over at the program's start;
//! - [`message`]: whole messages to and from a stream under one deadline;
//! - `segments`, a feature: several datagrams as one buffer, out and in;
//! - [`SendQueue`]: what a non-blocking connection still owes its peer.
//!
//! Every descriptor is close-on-exec at birth and owned. Nothing prints, nothing starts a thread.

pub mod addr;
pub mod framing;
pub mod inherited;
pub mod message;
#[cfg(feature = "segments")]
pub mod segments;
mod send_queue;
pub mod tcp;
pub mod udp;
pub mod unix;

pub use send_queue::{SendQueue, not_now};
pub use syscall::{Deadline, Error, Result};
