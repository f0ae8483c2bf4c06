//! expect: t9: signals and short reads
//! expect: EINTR (4): a signal came while the call slept

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let before = from.read_timeout()?;
    let result = fill(from, message, limit);
    from.set_read_timeout(before)?;
    result
}

fn fill(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let start = Instant::now();
    let mut done = 0;
    while done < message.len() {
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        from.set_read_timeout(Some(left))?;
        match from.read(&mut message[done..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
