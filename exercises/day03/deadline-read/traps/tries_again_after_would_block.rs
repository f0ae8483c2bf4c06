//! expect: the time limit of 10 s is over
//! expect: asleep in recvfrom(
//! expect: at src/lib.rs:

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    // "WouldBlock: nothing there yet, so try again."
    let before = from.read_timeout()?;
    from.set_read_timeout(Some(limit))?;
    let mut done = 0;
    while done < message.len() {
        match from.read(&mut message[done..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(e) => return Err(e),
        }
    }
    from.set_read_timeout(before)
}
