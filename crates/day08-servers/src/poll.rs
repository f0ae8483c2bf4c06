//! One loop for all clients (day 4).
//!
//! A client costs a descriptor and a little memory, and one that stays costs no time at all. The
//! price: nothing in the loop may wait or compute for long. The notes say that such a server cannot
//! serve computing programs; it can, and during one computation it serves nobody else.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::time::Duration;

use cli::Outcome;
use multiplex::{Deadline, Event, Interest, Poll, Poller as _, Token, Trigger};
use sockets::{SendQueue, not_now};

use crate::listener::{Listener, Next};
use crate::report::{Report, Word};

pub(crate) const ACCEPTORS: usize = 1;

const LISTENER: Token = Token(0);

pub(crate) fn serve(listener: Listener, report: &Report) -> Outcome {
    listener.socket.set_nonblocking(true)?;
    let mut poller = Poll::new();
    poller.register(listener.as_fd(), LISTENER, Interest::READABLE, Trigger::Level)?;
    let mut clients = Clients::default();
    let mut events = Vec::new();
    // No descriptor is left for a new client. The listener stays readable, so it is left alone for
    // a while; sleeping here would make all the others wait.
    let mut crowded = false;
    loop {
        report.say(Word::Waits, None)?;
        // The one place where this server sleeps.
        let pause = Duration::from_millis(100);
        poller.wait(&mut events, if crowded { Deadline::after(pause) } else { Deadline::Never })?;
        for &event in events.iter().filter(|event| event.token != LISTENER) {
            clients.act(event, &mut poller, report)?;
        }
        if crowded || events.iter().any(|event| event.token == LISTENER) {
            let was = crowded;
            crowded = !clients.accept(&listener, &mut poller, report)?;
            if crowded != was {
                let wanted = if crowded { Interest::empty() } else { Interest::READABLE };
                poller.modify(listener.as_fd(), LISTENER, wanted, Trigger::Level)?;
            }
        }
    }
}

#[derive(Default)]
struct Clients {
    all: BTreeMap<u32, Client>,
    /// The last token that was given out.
    last: u32,
}

impl Clients {
    /// Everybody who waits in the backlog; false when the descriptors have run out.
    fn accept(&mut self, listener: &Listener, poller: &mut Poll, report: &Report) -> Outcome<bool> {
        loop {
            let stream = match listener.look()? {
                Next::Client(stream) => stream,
                Next::Nobody => return Ok(true),
                Next::NoRoom => return Ok(false),
            };
            // Gone again already, with a reset.
            let Ok(peer) = stream.peer_addr() else { continue };
            stream.set_nonblocking(true)?;
            report.say(Word::Takes, Some(peer))?;
            while self.all.contains_key(&self.last) || Token(self.last) == LISTENER {
                self.last = self.last.wrapping_add(1);
            }
            let client = Client { stream, peer, owed: SendQueue::with_limit(LIMIT), ended: false };
            let (token, fd) = (Token(self.last), client.stream.as_fd());
            poller.register(fd, token, client.wants(), Trigger::Level)?;
            self.all.insert(self.last, client);
        }
    }

    fn act(&mut self, event: Event, poller: &mut Poll, report: &Report) -> Outcome {
        let Some(client) = self.all.get_mut(&event.token.0) else { return Ok(()) };
        let before = client.wants();
        // An error is the end of this client, and of nobody else.
        if client.act(event, report).is_err() || (client.ended && client.owed.is_empty()) {
            poller.remove(client.stream.as_fd())?;
            self.all.remove(&event.token.0);
        } else if client.wants() != before {
            let (fd, wants) = (client.stream.as_fd(), client.wants());
            poller.modify(fd, event.token, wants, Trigger::Level)?;
        }
        Ok(())
    }
}

/// Above this, a client that does not read its answers is not read from either.
const LIMIT: usize = 64 * 1024;

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    owed: SendQueue,
    /// It has ended its side.
    ended: bool,
}

impl Client {
    fn wants(&self) -> Interest {
        let mut wants = Interest::empty();
        wants.set(Interest::READABLE, !self.ended && !self.owed.is_full());
        wants.set(Interest::WRITABLE, !self.owed.is_empty());
        wants
    }

    fn act(&mut self, event: Event, report: &Report) -> io::Result<()> {
        if event.is_readable() && !self.ended {
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) => self.ended = true,
                Ok(n) => {
                    // As long as this takes, all the others wait.
                    report.work(self.peer, &bytes[..n])?;
                    self.owed.push(&bytes[..n]);
                }
                Err(error) if not_now(&error) => {}
                Err(error) => return Err(error),
            }
        }
        self.owed.flush(&self.stream).map(drop)
    }
}
