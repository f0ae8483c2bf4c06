//! expect: that is TimedOut, and it returned
//! expect: EAGAIN (11)
//! expect: std calls every EAGAIN WouldBlock

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let before = from.read_timeout()?;
    let start = Instant::now();
    let mut done = 0;
    let result = loop {
        if done == message.len() {
            break Ok(());
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            break Err(ErrorKind::TimedOut.into());
        }
        from.set_read_timeout(Some(left))?;
        match from.read(&mut message[done..]) {
            Ok(0) => break Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            // "When the time is over, the kind is TimedOut."
            Err(e) if e.kind() == ErrorKind::TimedOut => break Err(e),
            Err(e) => break Err(e),
        }
    };
    from.set_read_timeout(before)?;
    result
}
