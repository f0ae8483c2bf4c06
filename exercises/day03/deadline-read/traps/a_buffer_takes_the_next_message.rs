//! expect: and 0 of them are still in the socket
//! expect: a buffer of your own (BufReader, too)

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let before = from.read_timeout()?;
    let start = Instant::now();
    let mut reader = BufReader::new(&mut *from);
    let mut done = 0;
    let result = loop {
        if done == message.len() {
            break Ok(());
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            break Err(ErrorKind::TimedOut.into());
        }
        reader.get_ref().set_read_timeout(Some(left))?;
        match reader.read(&mut message[done..]) {
            Ok(0) => break Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(e) => break Err(e),
        }
    };
    from.set_read_timeout(before)?;
    result
}
