//! A conversation line by line, and its farewell: `##`.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// Serves one client after the other: sends every line back, until the client says farewell or is
/// gone. Returns when no more clients can be accepted.
pub fn serve(listener: TcpListener) -> io::Result<()> {
    todo!()
}

/// Sends the lines of `input` one by one, and writes the answer to each to `output`, until the
/// farewell is sent or `input` ends.
pub fn talk(server: TcpStream, input: impl BufRead, output: impl Write) -> io::Result<()> {
    todo!()
}
