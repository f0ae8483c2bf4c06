//! An echo server on epoll(7), told by edge.

use std::io;
use std::net::TcpListener;

/// Sends back to each client what it says. Serves for ever; an error is one of the listener or of
/// epoll, never of a client.
pub fn serve(listener: TcpListener) -> io::Result<()> {
    todo!()
}
