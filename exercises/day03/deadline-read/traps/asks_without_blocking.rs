//! expect: or ready to run: it asks the socket again and again
//! expect: A call that blocks sleeps in the kernel

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    from.set_nonblocking(true)?;
    let start = Instant::now();
    let mut done = 0;
    let result = loop {
        if done == message.len() {
            break Ok(());
        }
        if start.elapsed() >= limit {
            break Err(ErrorKind::TimedOut.into());
        }
        match from.read(&mut message[done..]) {
            Ok(0) => break Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(e) => break Err(e),
        }
    };
    from.set_nonblocking(false)?;
    result
}
