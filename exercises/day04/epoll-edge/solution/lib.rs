//! An echo server on epoll(7), told by edge.
//!
//! Told once of each change, it must use up what it was told of: accept until EAGAIN, read until
//! EAGAIN, write until EAGAIN. What is left lying before that is never reported again.

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use sockets::{SendQueue, not_now, tcp};

/// Everything that can happen to a client, from the start: nothing is modified later.
const ALL: EpollFlags = EpollFlags::EPOLLIN.union(EpollFlags::EPOLLOUT).union(EpollFlags::EPOLLET);

/// Sends back to each client what it says. Serves for ever; an error is one of the listener or of
/// epoll, never of a client.
pub fn serve(listener: TcpListener) -> io::Result<()> {
    // "Until EAGAIN" needs descriptors that say EAGAIN.
    listener.set_nonblocking(true)?;
    // A descriptor like any other: without CLOEXEC every program that we start would inherit it.
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(&listener, about(&listener, EpollFlags::EPOLLIN | EpollFlags::EPOLLET))?;

    let mut clients: HashMap<RawFd, Client> = HashMap::new();
    // No descriptor is left for a new client.
    let mut crowded = false;
    let mut events = [EpollEvent::empty(); 64];
    loop {
        // The one place where this program sleeps. EINTR comes here without any handler, too: it
        // is enough that somebody stopped the process and let it go on (signal(7)).
        let limit = if crowded { EpollTimeout::from(100_u8) } else { EpollTimeout::NONE };
        let ready = match epoll.wait(&mut events, limit) {
            Err(Errno::EINTR) => continue,
            n => &events[..n?],
        };

        // The queue of a crowded listener is no change any more: it has to be tried anyway.
        let mut accepting = crowded;
        for event in ready {
            let fd = RawFd::try_from(event.data()).unwrap_or(-1);
            let Some(client) = clients.get_mut(&fd) else {
                accepting = true;
                continue;
            };
            match client.pump() {
                Pumped::Dry => {}
                // Others want their turn. Modifying makes epoll look at the descriptor anew: what
                // is still ready comes back as an event.
                Pumped::Tired => epoll.modify(&client.stream, &mut about(&client.stream, ALL))?,
                Pumped::Over => {
                    // Before the close: a number that is used again must not get old events.
                    epoll.delete(&client.stream)?;
                    clients.remove(&fd);
                }
            }
        }
        if accepting {
            crowded = !accept_all(&listener, &epoll, &mut clients)?;
        }
    }
}

/// What to watch; the 64 bits that come back with an event are the descriptor's number.
fn about(fd: &impl AsRawFd, flags: EpollFlags) -> EpollEvent {
    EpollEvent::new(flags, fd.as_raw_fd().cast_unsigned().into())
}

/// Takes everybody who waits in the queue, because one event stands for all of them. False when
/// the descriptors run out.
fn accept_all(
    listener: &TcpListener,
    epoll: &Epoll,
    clients: &mut HashMap<RawFd, Client>,
) -> io::Result<bool> {
    for accepted in tcp::waiting(listener) {
        match accepted {
            Ok(stream) => {
                stream.set_nonblocking(true)?;
                // What has come before this line counts as a change: it will be reported. Where
                // the kernel has no room for one more entry, this client is turned away, by
                // dropping it, and the others are served.
                if epoll.add(&stream, about(&stream, ALL)).is_ok() {
                    clients.insert(stream.as_raw_fd(), Client::new(stream));
                }
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
}

/// Why the pumping has stopped.
enum Pumped {
    /// Neither a read nor a write goes on: the next change will be an event.
    Dry,
    /// It might go on.
    Tired,
    Over,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        Self { stream, owed: SendQueue::with_limit(64 * 1024), ended: false }
    }

    /// Reads and writes in turn, whatever the event was. Room to write is also the moment to read
    /// on: what had been left in the receive buffer while the queue was full is no change.
    fn pump(&mut self) -> Pumped {
        for _ in 0..64 {
            let mut dry = self.ended;
            if !self.ended && !self.owed.is_full() {
                let mut bytes = [0; 16 * 1024];
                match (&self.stream).read(&mut bytes) {
                    Ok(n) if n > 0 => self.owed.push(&bytes[..n]),
                    Err(error) if not_now(&error) => dry = true,
                    _ => self.ended = true,
                }
            }
            let sent = self.owed.flush(&self.stream);
            if sent.is_err() || self.ended && self.owed.is_empty() {
                return Pumped::Over;
            }
            // Still full: the flush has ended with EAGAIN, and room will be a change.
            if dry || self.owed.is_full() {
                return Pumped::Dry;
            }
        }
        Pumped::Tired
    }
}
