//! expect: every further read returns 0 at once
//! expect: 100 % of a processor

use std::io::{self, Read};
use std::net::TcpStream;

pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut total = 0;
    let mut quiet = 0;
    loop {
        let n = from.read(&mut buffer)?;
        store(&buffer[..n]);
        total += n as u64;
        // "Three times nothing: then it must be over."
        quiet = if n == 0 { quiet + 1 } else { 0 };
        if quiet == 3 {
            return Ok(total);
        }
    }
}
