//! expect: the read between the two was allowed to sleep longer
//! expect: does not help while a read sleeps

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let before = from.read_timeout()?;
    if limit.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    from.set_read_timeout(Some(limit))?;
    let start = Instant::now();
    let mut done = 0;
    let result = loop {
        if done == message.len() {
            break Ok(());
        }
        if start.elapsed() > limit {
            break Err(ErrorKind::TimedOut.into());
        }
        match from.read(&mut message[done..]) {
            Ok(0) => break Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(e) => break Err(e),
        }
    };
    from.set_read_timeout(before)?;
    result
}
