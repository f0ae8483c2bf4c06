//! The same server, edge-triggered: told once of each change, it must use up what it was told of.
//!
//! Everything is watched for everything from the start and never modified: two system calls less
//! for every change of mind. The price: read until EAGAIN, write until EAGAIN, accept until
//! EAGAIN, or the rest waits for a change that may never come.

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd as _, RawFd};

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use sockets::{SendQueue, not_now, tcp};

use crate::event::{about, fd_of, tell};

/// Serves until `visitors` clients have come and gone; without a number, for ever.
pub(crate) fn serve(listener: &TcpListener, visitors: Option<usize>) -> Outcome {
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    let door = EpollFlags::EPOLLIN | EpollFlags::EPOLLET;
    epoll.add(listener, about(listener.as_raw_fd(), door))?;

    let mut clients: HashMap<RawFd, Client> = HashMap::new();
    let mut gone = 0;
    let mut crowded = false;
    let mut events = [EpollEvent::empty(); 64];
    while visitors != Some(gone) {
        let limit = if crowded { EpollTimeout::from(100_u8) } else { EpollTimeout::NONE };
        let ready = match epoll.wait(&mut events, limit) {
            Err(Errno::EINTR) => continue,
            n => &events[..n?],
        };

        // A crowded listener needs no rest from epoll here: it is reported once. But it is also
        // not reported again, so the queue is tried after every wait until it is empty.
        let mut accepting = crowded;
        for event in ready {
            let fd = fd_of(event);
            let Some(client) = clients.get_mut(&fd) else {
                accepting = true;
                continue;
            };
            let more = client.pump(event.events())?;
            if !client.open {
                epoll.delete(&client.stream)?;
                clients.remove(&fd);
                gone += 1;
            } else if more {
                // Others want their turn. Modify looks at the descriptor again: what is still
                // ready comes back as a new event.
                epoll.modify(&client.stream, &mut about(fd, ALL))?;
            }
        }

        if accepting {
            crowded = !accept_all(listener, &epoll, &mut clients, crowded)?;
        }
    }
    Ok(())
}

const ALL: EpollFlags = EpollFlags::EPOLLIN.union(EpollFlags::EPOLLOUT).union(EpollFlags::EPOLLET);

/// Takes everybody who waits in the queue. False when the descriptors run out.
fn accept_all(
    listener: &TcpListener,
    epoll: &Epoll,
    clients: &mut HashMap<RawFd, Client>,
    told: bool,
) -> Outcome<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) => {
                stream.set_nonblocking(true)?;
                // The end of an answer shall not wait until its beginning is acknowledged, which
                // the peer may put off for 40 ms (Nagle's algorithm; tcp(7), TCP_NODELAY).
                stream.set_nodelay(true)?;
                let (ours, new) = (listener.as_raw_fd(), stream.as_raw_fd());
                writeln!(io::stdout(), "  fd {ours}: EPOLLIN, a new connection: fd {new}")?;
                // What has come before this line is a change, too: it will be reported.
                match epoll.add(&stream, about(new, ALL)) {
                    Ok(()) => drop(clients.insert(new, Client::new(stream))),
                    // Turned away: it sees the end, the others are served.
                    Err(error) => writeln!(io::stderr(), "no room for fd {new}: {error}")?,
                }
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

impl Client {
    fn new(stream: TcpStream) -> Self {
        Self { stream, owed: SendQueue::with_limit(64 * 1024), ended: false, open: true }
    }

    /// Reads and writes until neither goes on, at most so many times; true when it might go on.
    fn pump(&mut self, ready: EpollFlags) -> io::Result<bool> {
        for _ in 0..16 {
            let mut used_up = self.ended;
            if !self.ended && !self.owed.is_full() {
                let mut bytes = [0; 4096];
                let got = (&self.stream).read(&mut bytes);
                tell(self.stream.as_raw_fd(), ready, &got)?;
                match got {
                    Ok(n) if n > 0 => self.owed.push(&bytes[..n]),
                    Err(error) if not_now(&error) => used_up = true,
                    _ => self.ended = true,
                }
            }
            let sent = self.owed.flush(&self.stream);
            self.open = sent.is_ok() && !(self.ended && self.owed.is_empty());
            // New data will be a change, and so will room to write when there is none now.
            if !self.open || used_up || self.owed.is_full() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
