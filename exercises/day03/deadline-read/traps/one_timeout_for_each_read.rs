//! expect: SO_RCVTIMEO limits one call
//! expect: every read gets what is left

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    // The answer that is copied most: a timeout and read_exact.
    let before = from.read_timeout()?;
    if limit.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    from.set_read_timeout(Some(limit))?;
    let result = from.read_exact(message).map_err(|e| match e.kind() {
        ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
        _ => e,
    });
    from.set_read_timeout(before)?;
    result
}
