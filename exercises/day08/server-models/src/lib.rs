//! An echo server in four models.

use std::io;
use std::net::TcpListener;

/// One client after the other.
pub fn iterative(listener: TcpListener) -> io::Result<()> {
    todo!()
}

/// A process for each client.
pub fn forking(listener: TcpListener) -> io::Result<()> {
    todo!()
}

/// A thread for each client, and never more than `at_once` of them.
pub fn threaded(listener: TcpListener, at_once: usize) -> io::Result<()> {
    todo!()
}

/// One loop for all clients.
pub fn polling(listener: TcpListener) -> io::Result<()> {
    todo!()
}
