//! expect: your code panicked at src/lib.rs:
//! expect: ECONNRESET (104): the peer has thrown the connection away

use std::io::{self, Read};
use std::net::TcpStream;

pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut total = 0;
    loop {
        let n = from.read(&mut buffer).unwrap();
        if n == 0 {
            return Ok(total);
        }
        store(&buffer[..n]);
        total += n as u64;
    }
}
