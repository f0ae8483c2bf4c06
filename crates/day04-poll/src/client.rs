//! A client that listens to two descriptors at once: the terminal and the server. A client that
//! reads them in turn cannot hear the one while it waits for the other.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::{SendQueue, not_now};

/// Sends what is typed and shows what comes back, until the server has ended its side.
pub(crate) fn talk(mut stream: &TcpStream) -> Outcome {
    stream.set_nonblocking(true)?;
    let (input, mut output) = (io::stdin(), io::stdout());
    let mut owed = SendQueue::with_limit(64 * 1024);
    let (mut typing, mut ended) = (true, false);
    let mut bytes = [0; 4096];
    loop {
        let mut wanted = PollFlags::POLLIN;
        wanted.set(PollFlags::POLLOUT, !owed.is_empty());
        let server = PollFd::new(stream.as_fd(), wanted);
        let terminal = PollFd::new(input.as_fd(), PollFlags::POLLIN);
        let mut fds = [server, terminal];
        // The end of the input stays readable for ever: only the server is watched from then on.
        // A server that is slow to take what was typed makes us slow to read more of it.
        let watched = if typing && !owed.is_full() { 2 } else { 1 };
        match poll(&mut fds[..watched], PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        let [server, terminal] = fds.map(|fd| fd.any().unwrap_or(false));

        if terminal {
            // One read(2) for one event: std's own stdin would hide lines in its buffer.
            match nix::unistd::read(&input, &mut bytes)? {
                0 => typing = false,
                n => owed.push(&bytes[..n]),
            }
        }
        owed.flush(stream)?;
        if !typing && owed.is_empty() && !ended {
            // Our side has ended; the other one may still have something to say.
            stream.shutdown(Shutdown::Write)?;
            ended = true;
        }
        if server {
            match stream.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(n) => output.write_all(&bytes[..n])?,
                Err(error) if not_now(&error) => {}
                Err(error) => return Err(error.into()),
            }
            output.flush()?;
        }
    }
}
