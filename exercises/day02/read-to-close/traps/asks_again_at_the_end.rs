//! expect: it has used more than 1 s of processor time
//! expect: runs all the time
//! expect: at src/lib.rs:

use std::io::{self, Read};
use std::net::TcpStream;

pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = [0; 4096];
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            // "Nothing there yet."
            continue;
        }
        store(&buffer[..n]);
    }
}
