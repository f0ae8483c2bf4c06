//! expect: half a backup counts as a whole one
//! expect: ECONNRESET

use std::io::{self, Read};
use std::net::TcpStream;

pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    let mut total = 0;
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        store(&buffer[..n]);
        total += n as u64;
    }
    Ok(total)
}
