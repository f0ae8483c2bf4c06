//! The peers that servers meet outside.
//!
//! All are blocking and have a time limit of their own, so that a server that forgets one of them
//! makes the test fail instead of hang.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;

use crate::until::LIMIT;

/// A well-behaved client.
///
/// # Errors
/// What connect(2) says.
pub fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends a message and reads as many bytes back.
///
/// # Errors
/// UnexpectedEof when the server closes first, WouldBlock when it never answers.
pub fn ask(mut stream: &TcpStream, message: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(message)?;
    let mut answer = vec![0; message.len()];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

/// One byte, a pause, the next byte: the pause is what this peer is.
///
/// # Errors
/// What write(2) says.
pub fn drip(mut stream: &TcpStream, message: &[u8], pause: Duration) -> io::Result<()> {
    for byte in message {
        stream.write_all(&[*byte])?;
        std::thread::sleep(pause);
    }
    Ok(())
}

/// Ends its own direction (a FIN) and reads until the server ends the other one.
///
/// # Errors
/// What read(2) says: ECONNRESET when the server threw the answer away.
pub fn half_close(mut stream: &TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Write)?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest)?;
    Ok(rest)
}

/// Vanishes with a RST, as a crashed machine's connection does.
///
/// # Errors
/// What setsockopt(2) says.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    drop(stream);
    Ok(())
}

/// Writes and never reads, until the server takes no more for `patience`: every buffer on the
/// way is full then. Gives the number of bytes on their way, at most `limit`.
///
/// # Errors
/// What send(2) says.
pub fn stall(mut stream: &TcpStream, patience: Duration, limit: usize) -> io::Result<usize> {
    stream.set_nonblocking(true)?;
    let patience = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
    let (chunk, mut sent) = ([b'.'; 16 * 1024], 0);
    while sent < limit {
        match stream.write(&chunk[..chunk.len().min(limit - sent)]) {
            Ok(n) => sent += n,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut fds = [PollFd::new(stream.as_fd(), PollFlags::POLLOUT)];
                if poll(&mut fds, patience)? == 0 {
                    break;
                }
            }
            Err(error) => return Err(error),
        }
    }
    stream.set_nonblocking(false)?;
    Ok(sent)
}
