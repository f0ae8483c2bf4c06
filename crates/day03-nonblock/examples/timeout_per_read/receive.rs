//! A whole message, in time.

use std::io::{self, Read as _};
use std::net::TcpStream;
use std::time::Duration;

/// Fills `message`, or fails with TimedOut when that takes longer than `limit`.
pub(crate) fn receive(
    mut stream: &TcpStream,
    message: &mut [u8],
    limit: Duration,
) -> io::Result<()> {
    // WRONG: the limit holds for each read inside of read_exact, and begins anew with each byte.
    stream.set_read_timeout(Some(limit))?;
    stream.read_exact(message)
}
