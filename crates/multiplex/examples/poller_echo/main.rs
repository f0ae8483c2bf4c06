//! An echo server over any back end, told by level: `poller_echo BACKEND ADDR`.
//!
//! The tests run it under injected faults. What it does with them is what a [`Poller`]'s caller
//! does: EINTR never reaches it, EAGAIN means later, and whoever cannot be watched is let go.

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::time::Duration;

use multiplex::{Backend, Deadline, Interest, Poller, Token, Trigger};
use sockets::{SendQueue, not_now, tcp};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [backend, address] = args.as_slice() else { return Err("poller_echo BACKEND ADDR".into()) };
    let poller = backend.parse::<Backend>()?.open()?;
    let listener = tcp::Listen::new().nonblocking(true).on(address.parse()?)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    serve(poller, &listener)
}

const DOOR: Token = Token(u32::MAX);

fn serve(mut poller: Box<dyn Poller>, listener: &TcpListener) -> Outcome {
    poller.register(listener.as_fd(), DOOR, Interest::READABLE, Trigger::Level)?;
    let mut clients = HashMap::new();
    let (mut events, mut crowded) = (Vec::new(), false);
    loop {
        let limit = Duration::from_millis(100);
        let deadline = if crowded { Deadline::after(limit) } else { Deadline::Never };
        poller.wait(&mut events, deadline)?;
        let mut accepting = crowded;
        for event in &events {
            let Some(client) = clients.get_mut(&event.token) else {
                accepting |= event.token == DOOR;
                continue;
            };
            act(&mut *poller, event.token, client)?;
            if client.is_done() {
                poller.remove(client.stream.as_fd())?;
                clients.remove(&event.token);
            }
        }
        if accepting {
            let full = !accept_all(&mut *poller, listener, &mut clients)?;
            if full != crowded {
                let wanted = if full { Interest::empty() } else { Interest::READABLE };
                poller.modify(listener.as_fd(), DOOR, wanted, Trigger::Level)?;
                crowded = full;
            }
        }
    }
}

/// Everybody who waits. False when the descriptors run out.
fn accept_all(
    poller: &mut dyn Poller,
    listener: &TcpListener,
    clients: &mut HashMap<Token, Client>,
) -> Outcome<bool> {
    for accepted in tcp::waiting(listener) {
        let stream = match accepted {
            Err(error) if tcp::is_out_of_resources(&error) => return Ok(false),
            accepted => accepted?,
        };
        stream.set_nonblocking(true)?;
        let token = Token(stream.as_raw_fd().cast_unsigned());
        let client = Client { stream, owed: SendQueue::with_limit(64 * 1024), ended: false };
        match poller.register(client.stream.as_fd(), token, client.wants(), Trigger::Level) {
            Ok(()) => drop(clients.insert(token, client)),
            Err(error) => writeln!(io::stderr(), "turned away: {error}")?,
        }
    }
    Ok(true)
}

/// One read, then as much of the answer as fits.
fn act(poller: &mut dyn Poller, token: Token, client: &mut Client) -> Outcome {
    let wanted = client.wants();
    if wanted.contains(Interest::READABLE) {
        let mut bytes = [0; 4096];
        match client.stream.read(&mut bytes) {
            Ok(n) if n > 0 => client.owed.push(&bytes[..n]),
            Err(error) if not_now(&error) => {}
            _ => client.ended = true,
        }
    }
    if client.owed.flush(&client.stream).is_err() {
        // Nobody will take the rest.
        client.owed = SendQueue::with_limit(0);
        client.ended = true;
    }
    if client.wants() != wanted {
        poller.modify(client.stream.as_fd(), token, client.wants(), Trigger::Level)?;
    }
    Ok(())
}

/// One connection, and what it still has to get.
struct Client {
    stream: TcpStream,
    owed: SendQueue,
    /// It has ended its side.
    ended: bool,
}

impl Client {
    fn wants(&self) -> Interest {
        let mut wanted = Interest::empty();
        wanted.set(Interest::READABLE, !self.ended && !self.owed.is_full());
        wanted.set(Interest::WRITABLE, !self.owed.is_empty());
        wanted
    }

    fn is_done(&self) -> bool {
        self.ended && self.owed.is_empty()
    }
}
