//! The loop around write: the number that it gives back says where to go on.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Sends all of `message` without ever blocking in write, and gives the number of bytes.
pub(crate) fn send(mut stream: &TcpStream, message: &[u8]) -> Outcome<usize> {
    stream.set_nonblocking(true)?;
    let mut rest = message;
    let mut sent = 0;
    while !rest.is_empty() {
        // At most this much at once; a program has its data in pieces.
        let piece = &rest[..rest.len().min(64 << 10)];
        match stream.write(piece) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
            Ok(n) => {
                // Perhaps not the whole piece: go on behind what was taken.
                rest = &rest[n..];
                sent += n;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => until_room(stream)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sent)
}

/// poll(2), of day 4, sleeps until there is room again.
fn until_room(stream: &TcpStream) -> Outcome {
    let mut fds = [PollFd::new(stream.as_fd(), PollFlags::POLLOUT)];
    match poll(&mut fds, PollTimeout::NONE) {
        Err(Errno::EINTR) => Ok(()),
        done => Ok(done.map(|_| ())?),
    }
}
