//! A client from a non-blocking listener.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd as _;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::tcp;

/// Takes the next client. WouldBlock means "not now", and asking again at once means asking a
/// million times a second: between two questions there must be other work, or a wait.
pub(crate) fn next_client(listener: &TcpListener) -> io::Result<TcpStream> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => return Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => until_readable(listener)?,
            Err(error) if tcp::concerns_one_connection(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Sleeps until a connection is in the queue. A signal only makes us look once more.
fn until_readable(listener: &TcpListener) -> io::Result<()> {
    let mut fds = [PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
    match poll(&mut fds, PollTimeout::NONE) {
        Err(Errno::EINTR) => Ok(()),
        done => Ok(done.map(drop)?),
    }
}
