//! What moves the bytes of a TFTP transfer between a socket, a state machine and a file; for the
//! server and for the client.
//!
//! - `side.rs`: one transfer's side, whichever of the two it is;
//! - `source.rs`, `sink.rs`: the file's end of it, in pieces that are worth a system call;
//! - `outbox.rs`, `inbox.rs`: the network's end, many packets by one call.

mod inbox;
mod outbox;
mod side;
mod sink;
mod source;

pub(crate) use inbox::{Came, Inbox};
pub(crate) use outbox::{Outbox, send_one};
pub(crate) use side::Side;
pub(crate) use sink::{Sink, Target};
pub(crate) use source::Source;

/// What is read or written by one call: a system call costs as much as copying a few KiB.
const PIECE: usize = 64 << 10;
