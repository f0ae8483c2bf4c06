//! An echo server in one loop around epoll_wait(2), level-triggered.

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
    // A descriptor like any other: without CLOEXEC every program that we start would inherit it.
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(listener, about(listener.as_raw_fd(), EpollFlags::EPOLLIN))?;

    // The token table: the number of a descriptor is its key, for as long as it is open.
    let mut clients: HashMap<RawFd, Client> = HashMap::new();
    let mut gone = 0;
    let mut crowded = false;
    let mut events = [EpollEvent::empty(); 64];
    while visitors != Some(gone) {
        // The one place where this program sleeps. Nothing is handed over but room for answers.
        let limit = if crowded { EpollTimeout::from(100_u8) } else { EpollTimeout::NONE };
        let ready = match epoll.wait(&mut events, limit) {
            Err(Errno::EINTR) => continue,
            n => &events[..n?],
        };

        let mut accepting = crowded;
        for event in ready {
            let fd = fd_of(event);
            // Every event is for somebody in the table, because leaving it means leaving epoll.
            let Some(client) = clients.get_mut(&fd) else {
                accepting = true;
                continue;
            };
            let wanted = client.wants();
            client.act(event.events())?;
            if !client.open {
                // Before the close that dropping it means.
                epoll.delete(&client.stream)?;
                clients.remove(&fd);
                gone += 1;
            } else if client.wants() != wanted {
                // A system call: only when something has changed.
                epoll.modify(&client.stream, &mut about(fd, client.wants()))?;
            }
        }

        if accepting {
            let full = !accept_all(listener, &epoll, &mut clients, crowded)?;
            if full != crowded {
                // Without a descriptor for it, a new client would be reported again and again.
                let wanted = if full { EpollFlags::empty() } else { EpollFlags::EPOLLIN };
                epoll.modify(listener, &mut about(listener.as_raw_fd(), wanted))?;
                crowded = full;
            }
        }
    }
    Ok(())
}

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
                let client = Client::new(stream);
                match epoll.add(&client.stream, about(new, client.wants())) {
                    Ok(()) => drop(clients.insert(new, client)),
                    // The kernel has no room for one more entry (ENOMEM, ENOSPC): this client is
                    // turned away and sees the end, the others are served.
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

    fn wants(&self) -> EpollFlags {
        let mut events = EpollFlags::empty();
        events.set(EpollFlags::EPOLLIN, !self.ended && !self.owed.is_full());
        events.set(EpollFlags::EPOLLOUT, !self.owed.is_empty());
        events
    }

    /// Does what is ready, as in day04-poll: one read, then as much of the answer as fits.
    fn act(&mut self, ready: EpollFlags) -> io::Result<()> {
        let reasons = EpollFlags::EPOLLIN | EpollFlags::EPOLLHUP | EpollFlags::EPOLLERR;
        if !self.ended && ready.intersects(reasons) {
            let mut bytes = [0; 4096];
            let got = (&self.stream).read(&mut bytes);
            tell(self.stream.as_raw_fd(), ready, &got)?;
            match got {
                Ok(n) if n > 0 => self.owed.push(&bytes[..n]),
                Err(error) if not_now(&error) => {}
                _ => self.ended = true,
            }
        }
        let sent = self.owed.flush(&self.stream);
        self.open = sent.is_ok() && !(self.ended && self.owed.is_empty());
        Ok(())
    }
}
