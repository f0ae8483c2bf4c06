//! expect: EINTR (4): a signal came while the call slept
//! expect: make the call again

use std::io::{self, Read};
use std::net::TcpStream;

pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut total = 0;
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            return Ok(total);
        }
        store(&buffer[..n]);
        total += n as u64;
    }
}
