//! expect: took a short read for the end
//! expect: A stream has no messages

use std::io::{self, Read};
use std::net::TcpStream;

pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut total = 0;
    loop {
        let n = from.read(&mut buffer)?;
        if n > 0 {
            store(&buffer[..n]);
        }
        total += n as u64;
        if n < buffer.len() {
            return Ok(total);
        }
    }
}
