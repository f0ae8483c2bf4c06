//! A client that listens to two descriptors at once: the terminal and the server.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::select::{FdSet, select};
use sockets::{Deadline, message};

/// Sends what is typed and shows what comes back, until the server has ended its side.
pub(crate) fn talk(mut stream: &TcpStream) -> Outcome {
    let (input, mut output) = (io::stdin(), io::stdout());
    let mut bytes = [0; 4096];
    let mut typing = true;
    loop {
        let mut set = FdSet::new();
        set.insert(stream.as_fd());
        // The end of the input stays readable for ever: it is left out from then on.
        if typing {
            set.insert(input.as_fd());
        }
        match select(None, &mut set, None, None, None) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };

        if typing && set.contains(input.as_fd()) {
            // One read(2) for one event: std's own stdin would hide lines in its buffer.
            match nix::unistd::read(&input, &mut bytes)? {
                0 => {
                    // Our side has ended; the other one may still have something to say.
                    typing = false;
                    stream.shutdown(Shutdown::Write)?;
                }
                // The logger always reads, so waiting for it here stops nobody.
                n => message::send_all(&stream, &bytes[..n], Deadline::Never)?,
            }
        }
        if set.contains(stream.as_fd()) {
            match stream.read(&mut bytes)? {
                0 => return Ok(()),
                n => output.write_all(&bytes[..n])?,
            }
            output.flush()?;
        }
    }
}
