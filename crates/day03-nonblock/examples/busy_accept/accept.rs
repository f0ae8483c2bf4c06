//! A client from a non-blocking listener.

use std::io;
use std::net::{TcpListener, TcpStream};

use sockets::tcp;

/// Takes the next client. WouldBlock means "not now", and asking again at once means asking a
/// million times a second: between two questions there must be other work, or a wait.
pub(crate) fn next_client(listener: &TcpListener) -> io::Result<TcpStream> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => return Ok(stream),
            // WRONG: nothing else to do, and asked again at once.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if tcp::concerns_one_connection(&error) => {}
            Err(error) => return Err(error),
        }
    }
}
