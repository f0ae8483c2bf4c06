//! expect: a message that came in four parts
//! expect: read(2) gives what has arrived by now

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let before = from.read_timeout()?;
    if limit.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    from.set_read_timeout(Some(limit))?;
    let result = from.read(message);
    from.set_read_timeout(before)?;
    match result {
        Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
        Ok(_) => Ok(()),
        Err(e) if e.kind() == ErrorKind::WouldBlock => Err(ErrorKind::TimedOut.into()),
        Err(e) => Err(e),
    }
}
