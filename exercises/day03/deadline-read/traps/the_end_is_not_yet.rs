//! expect: t7: the sender closes in the middle
//! expect: it has used more than 1 s of processor time
//! expect: at src/lib.rs:

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
            Ok(n) => done += n,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(e) => break Err(e),
        }
    };
    from.set_read_timeout(before)?;
    result
}
