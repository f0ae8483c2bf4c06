//! An echo server that records what it hears, in one loop around poll(2).

use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::{SendQueue, not_now, tcp};

/// Sends back to each client what it says, and gives it to `record`. Serves for ever; an error is
/// one of the listener or of poll(2), never of a client.
pub fn serve(listener: TcpListener, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    // A connection may be gone again between poll and accept: then accept must not sleep.
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    // No descriptor is left for a new client.
    let mut crowded = false;
    loop {
        // The array borrows the descriptors in it, so it is built anew in each round: the
        // listener first, then the clients in their order.
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
        let answers: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or(false)).collect();
        for (client, ready) in clients.iter_mut().zip(&answers[1..]) {
            if *ready {
                client.act(&mut record);
            }
        }
        // Leaving the list closes the socket.
        clients.retain(|client| client.open);
        if crowded || answers[0] {
            crowded = !accept_all(&listener, &mut clients)?;
        }
    }
}

/// Takes everybody who waits in the queue. False when the descriptors run out: the others stay in
/// the queue and the listener stays readable, so asking poll about it would be a busy loop.
fn accept_all(listener: &TcpListener, clients: &mut Vec<Client>) -> io::Result<bool> {
    // Passes over the connections that were gone before they were accepted.
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) => {
                // Not inherited from the listener. Without it, one full buffer would stop us all.
                stream.set_nonblocking(true)?;
                clients.push(Client::new(stream));
            }
            Err(error) if tcp::is_out_of_resources(&error) => return Ok(false),
            Err(error) => return Err(error),
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
    /// It takes nothing any more; what it had said before can still be read.
    deaf: bool,
    open: bool,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        let owed = SendQueue::with_limit(64 * 1024);
        Self { stream, owed, ended: false, deaf: false, open: true }
    }

    /// Not behind the end, which stays readable for ever, and not when too much is kept for it.
    fn is_heard(&self) -> bool {
        !self.ended && (self.deaf || !self.owed.is_full())
    }

    /// POLLOUT only while something is owed, because an idle socket is always writable. POLLERR
    /// and POLLHUP come unasked.
    fn wants(&self) -> PollFlags {
        let mut events = PollFlags::empty();
        events.set(PollFlags::POLLIN, self.is_heard());
        events.set(PollFlags::POLLOUT, !self.deaf && !self.owed.is_empty());
        events
    }

    /// Whatever was reported, a read tells what it means: first the data that lies in front of an
    /// end or of a RST, then the end or the error. An error is this client's end and nobody else's.
    fn act(&mut self, record: &mut impl FnMut(&[u8])) {
        if self.is_heard() {
            // One read: poll is level-triggered, what is left over is reported again.
            let mut bytes = [0; 4096];
            match (&self.stream).read(&mut bytes) {
                Ok(n) if n > 0 => {
                    record(&bytes[..n]);
                    self.owed.push(&bytes[..n]);
                }
                Err(error) if not_now(&error) => {}
                _ => self.ended = true,
            }
        }
        // As much of the answer as there is room for; the rest waits for POLLOUT. Behind a RST
        // nothing can be sent, while some of its last words may not be read yet.
        self.deaf |= self.owed.flush(&self.stream).is_err();
        self.open = !(self.ended && (self.deaf || self.owed.is_empty()));
    }
}
