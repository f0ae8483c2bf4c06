//! An echo server in one loop around poll(2).

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd as _, AsRawFd as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::{SendQueue, not_now, tcp};

/// Serves until `visitors` clients have come and gone; without a number, for ever.
pub(crate) fn serve(listener: &TcpListener, visitors: Option<usize>) -> Outcome {
    let mut clients: Vec<Client> = Vec::new();
    let mut gone = 0;
    // No descriptor is left for a new client.
    let mut crowded = false;
    while visitors != Some(gone) {
        // The array borrows every descriptor in it, so it is built anew for each call, and its
        // order is our token table: the listener first, then the clients.
        let wanted = if crowded { PollFlags::empty() } else { PollFlags::POLLIN };
        let mut fds = vec![PollFd::new(listener.as_fd(), wanted)];
        fds.extend(clients.iter().map(|client| PollFd::new(client.stream.as_fd(), client.wants())));

        // The one place where this program sleeps. A signal cuts the wait short: ask again.
        let limit = if crowded { PollTimeout::from(100_u8) } else { PollTimeout::NONE };
        match poll(&mut fds, limit) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };

        // Copying the answers ends the borrow: from here on clients may come and go.
        let answers = fds.iter().map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
        let answers: Vec<PollFlags> = answers.collect();

        let before = clients.len();
        for (client, &revents) in clients.iter_mut().zip(&answers[1..]) {
            if !revents.is_empty() {
                client.act(revents)?;
            }
        }
        // Leaving the list closes the socket.
        clients.retain(|client| client.open);
        gone += before - clients.len();

        if crowded || answers[0].contains(PollFlags::POLLIN) {
            crowded = !accept_all(listener, &mut clients, crowded)?;
        }
    }
    Ok(())
}

/// Takes everybody who waits in the queue. False when the descriptors run out: the others stay in
/// the queue and the listener stays readable, so asking poll about it would be a busy loop.
fn accept_all(listener: &TcpListener, clients: &mut Vec<Client>, told: bool) -> Outcome<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) => {
                // The new socket does not inherit O_NONBLOCK from the listener.
                stream.set_nonblocking(true)?;
                // The end of an answer shall not wait until its beginning is acknowledged, which
                // the peer may put off for 40 ms (Nagle's algorithm; tcp(7), TCP_NODELAY).
                stream.set_nodelay(true)?;
                let (ours, new) = (listener.as_raw_fd(), stream.as_raw_fd());
                writeln!(io::stdout(), "  fd {ours}: POLLIN, a new connection: fd {new}")?;
                clients.push(Client::new(stream));
            }
            Err(error) if tcp::is_out_of_resources(&error) => {
                if !told {
                    writeln!(io::stderr(), "new clients have to wait: {error}")?;
                }
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// One connection, and what it still has to get.
struct Client {
    stream: TcpStream,
    owed: SendQueue,
    /// It has ended its side: nothing more to read.
    ended: bool,
    open: bool,
}

/// Above this, a client that does not read its answers is not read from either: its own buffers
/// fill up until it has to stop, and nobody else waits for it.
const LIMIT: usize = 64 * 1024;

impl Client {
    fn new(stream: TcpStream) -> Self {
        Self { stream, owed: SendQueue::with_limit(LIMIT), ended: false, open: true }
    }

    /// What to ask for. POLLOUT only while something is owed: an idle socket is always writable.
    fn wants(&self) -> PollFlags {
        let mut events = PollFlags::empty();
        events.set(PollFlags::POLLIN, !self.ended && !self.owed.is_full());
        events.set(PollFlags::POLLOUT, !self.owed.is_empty());
        events
    }

    /// Does what is ready, and closes when there is nothing left to do.
    fn act(&mut self, revents: PollFlags) -> io::Result<()> {
        // POLLHUP and POLLERR are reasons to read as well. The read tells what they mean: first
        // the data that lies in front of them, then 0 or the error.
        let reasons = PollFlags::POLLIN | PollFlags::POLLHUP | PollFlags::POLLERR;
        if !self.ended && revents.intersects(reasons) {
            // One read: poll is level-triggered, what is left over is reported again.
            let mut bytes = [0; 4096];
            let got = (&self.stream).read(&mut bytes);
            self.tell(revents, &got)?;
            match got {
                Ok(n) if n > 0 => self.owed.push(&bytes[..n]),
                Err(error) if not_now(&error) => {}
                _ => self.ended = true,
            }
        }
        // The answer goes out as far as there is room; the rest waits for POLLOUT. An error here
        // is this client's end, not the server's.
        let sent = self.owed.flush(&self.stream);
        self.open = sent.is_ok() && !(self.ended && self.owed.is_empty());
        Ok(())
    }

    fn tell(&self, revents: PollFlags, got: &io::Result<usize>) -> io::Result<()> {
        let fd = self.stream.as_raw_fd();
        let (mut out, revents) = (io::stdout(), names(revents));
        match got {
            Ok(0) => writeln!(out, "  fd {fd}: {revents}, it has ended its side"),
            Ok(n) if *n < 512 => writeln!(out, "  fd {fd}: {revents}, {n} bytes"),
            // Bulk: a line for every read would hide the others.
            Ok(_) => Ok(()),
            Err(error) if not_now(error) => Ok(()),
            Err(error) => writeln!(out, "  fd {fd}: {revents}, {error}"),
        }
    }
}

/// `POLLIN | POLLHUP`, as strace prints it.
pub(crate) fn names(flags: PollFlags) -> String {
    let names: Vec<&str> = flags.iter_names().map(|(name, _)| name).collect();
    names.join(" | ")
}
