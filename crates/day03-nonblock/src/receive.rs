//! A whole message, in time.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use sockets::message::{Error, recv_exact};
use sockets::{Deadline, Error as CallError};

/// Fills `message`, or fails with TimedOut when that takes longer than `limit`.
pub(crate) fn receive(stream: &TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    // A deadline is a moment: every read gets what is left of it.
    let deadline = Deadline::after(limit);
    recv_exact(&stream, message, deadline).map_err(|error| match error {
        Error::TimedOut { .. } => io::ErrorKind::TimedOut.into(),
        Error::Ended { .. } => io::ErrorKind::UnexpectedEof.into(),
        Error::Failed { error, .. } => CallError::into(error),
    })
}
