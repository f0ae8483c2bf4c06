//! Receives a backup: everything that a peer sends until it closes.

use std::io::{self, Read};
use std::net::TcpStream;

/// Hands every piece to `store` as soon as it is there. Gives the number of bytes when the sender
/// has closed, and an error when the connection has broken.
pub fn receive(from: &mut TcpStream, store: impl FnMut(&[u8])) -> io::Result<u64> {
    todo!()
}
