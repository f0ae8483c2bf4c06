//! expect: the limit was zero and nothing had come
//! expect: set_read_timeout, which was given a zero
//! expect: means no timeout at all

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
        if let Err(e) = from.set_read_timeout(Some(left)) {
            break Err(e);
        }
        match from.read(&mut message[done..]) {
            Ok(0) => break Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => break Err(ErrorKind::TimedOut.into()),
            Err(e) => break Err(e),
        }
    };
    from.set_read_timeout(before)?;
    result
}
