//! What the clients of the lesson do.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};

use cli::Outcome;
use sockets::tcp;

/// Connects, asks, is answered and leaves.
pub(crate) fn visit(server: SocketAddr) -> Outcome {
    let client = tcp::Connect::new().to(server)?;
    (&client).write_all(b"hello")?;
    hear(&client, b"hello")?;
    Ok(leave(&client)?)
}

pub(crate) fn hear(mut client: &TcpStream, expected: &[u8]) -> io::Result<()> {
    let mut answer = vec![0; expected.len()];
    client.read_exact(&mut answer)?;
    if answer == expected { Ok(()) } else { Err(io::Error::other("another answer")) }
}

/// Ends its side, and waits until the server has ended the other.
pub(crate) fn leave(mut client: &TcpStream) -> io::Result<()> {
    client.shutdown(Shutdown::Write)?;
    match client.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(io::Error::other("more than was asked for")),
    }
}
