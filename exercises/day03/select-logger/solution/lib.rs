//! A log book: every line of every source goes to a file, in one loop around select(2).

use std::fs::File;
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::select::{FD_SETSIZE, FdSet, select};
use nix::sys::time::{TimeVal, TimeValLike};
use sockets::framing::{Decoder, Lines};
use sockets::tcp;

/// Appends each line that a client or the terminal sends to `log`. Serves for ever; an error is one
/// of the listener, of select or of the log, never of a source.
pub fn serve(listener: TcpListener, terminal: OwnedFd, mut log: File) -> io::Result<()> {
    // A connection may be gone again between select and accept: then accept must not sleep.
    listener.set_nonblocking(true)?;
    // To select they are all the same: something to read lines from.
    let mut sources = vec![Source::new(terminal)];
    // No descriptor is left for a new client.
    let mut crowded = false;
    loop {
        // select overwrites the set with what is ready, so it is built anew in every round. Who
        // has ended is not in `sources` any more: an end stays readable for ever.
        let mut set = FdSet::new();
        if !crowded {
            set.insert(listener.as_fd());
        }
        for source in &sources {
            set.insert(source.fd.as_fd());
        }

        // The one place where this program sleeps. The time limit would be overwritten as well.
        let mut limit = TimeVal::milliseconds(100);
        match select(None, &mut set, None, None, crowded.then_some(&mut limit)) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };

        // Noting it down ends the borrow of the set: from here on sources may come and go.
        let accepting = crowded || set.contains(listener.as_fd());
        let ready: Vec<bool> = sources.iter().map(|s| set.contains(s.fd.as_fd())).collect();
        for (source, _) in sources.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            source.read();
            source.write_lines(&mut log)?;
        }
        // Leaving the list closes the descriptor.
        sources.retain(|source| !source.ended);
        if accepting {
            crowded = !accept_all(&listener, &mut sources)?;
        }
    }
}

/// Takes everybody who waits in the queue. False when the descriptors run out.
fn accept_all(listener: &TcpListener, sources: &mut Vec<Source>) -> io::Result<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            // A set ends at 1023: a higher number would panic in FdSet, and write beyond the set
            // in C. This client is turned away.
            Ok(stream) if usize::try_from(stream.as_raw_fd()).is_ok_and(|fd| fd >= FD_SETSIZE) => {}
            Ok(stream) => sources.push(Source::new(stream)),
            Err(error) if tcp::is_out_of_resources(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Something that lines come from, and what has come of a line so far.
struct Source {
    fd: OwnedFd,
    lines: Lines,
    ended: bool,
}

impl Source {
    fn new(fd: impl Into<OwnedFd>) -> Self {
        Self { fd: fd.into(), lines: Lines::with_limit(64 * 1024), ended: false }
    }

    /// One read(2), which does not sleep because select has just said so. A BufReader would read
    /// until it has a whole line, asleep in the middle, and keep the lines behind it to itself.
    fn read(&mut self) {
        let mut bytes = [0; 4096];
        match nix::unistd::read(&self.fd, &mut bytes) {
            Ok(n) if n > 0 => self.lines.push(&bytes[..n]),
            Err(Errno::EINTR | Errno::EAGAIN) => {}
            // Ended, or broken: the end of this source, and of nothing else.
            _ => self.ended = true,
        }
    }

    /// All lines that are complete: perhaps none, perhaps many.
    fn write_lines(&mut self, log: &mut File) -> io::Result<()> {
        loop {
            let next = if self.ended { self.lines.finish() } else { self.lines.next() };
            match next {
                // One write for a line, so that nobody else's gets into the middle of it.
                Ok(Some(line)) => log.write_all(&[&line[..], b"\n"].concat())?,
                Ok(None) => return Ok(()),
                // Nobody can keep a line without an end; what comes behind it is kept again.
                Err(_) => log.write_all(b"(a line that was too long)\n")?,
            }
        }
    }
}
