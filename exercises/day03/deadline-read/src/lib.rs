//! A whole message, in time.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Fills `message`, or fails with TimedOut when that takes longer than `limit`. The sender's end
/// in the middle is UnexpectedEof. Leaves the socket's read timeout as it was.
pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    todo!()
}
