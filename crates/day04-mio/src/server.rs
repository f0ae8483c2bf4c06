//! The edge-triggered echo server of day04-epoll, on mio.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cli::Outcome;
use mio::event::Event;
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use sockets::tcp;

use crate::connection::Client;
use crate::remote::Remote;

const DOOR: Token = Token(0);
const WAKER: Token = Token(1);
const BOTH: Interest = Interest::READABLE.add(Interest::WRITABLE);

pub(crate) struct Server {
    poll: Poll,
    listener: TcpListener,
    commands: Receiver<String>,
    /// Kept, although only the remote uses it: dropping a Waker closes its eventfd, and epoll
    /// forgets a closed descriptor together with the wake-up that it has not reported yet.
    _waker: Arc<Waker>,
    clients: HashMap<Token, Client>,
    /// Tokens are never given out twice: a late event finds nobody instead of somebody else.
    next: usize,
    /// No descriptor is left for a new client.
    crowded: bool,
}

impl Server {
    pub(crate) fn new(listener: std::net::TcpListener) -> Outcome<(Self, Remote)> {
        let poll = Poll::new()?;
        let mut listener = TcpListener::from_std(listener);
        poll.registry().register(&mut listener, DOOR, Interest::READABLE)?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let (sender, commands) = channel();
        let remote = Remote { commands: sender, waker: Arc::clone(&waker) };
        let clients = HashMap::new();
        let server =
            Self { poll, listener, commands, _waker: waker, clients, next: 2, crowded: false };
        Ok((server, remote))
    }

    /// Serves until the command `quit`.
    pub(crate) fn serve(&mut self) -> Outcome {
        let mut events = Events::with_capacity(64);
        loop {
            // The one place where this program sleeps.
            let limit = self.crowded.then_some(Duration::from_millis(100));
            match self.poll.poll(&mut events, limit) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                done => done?,
            }
            let mut accepting = self.crowded;
            for event in &events {
                match event.token() {
                    DOOR => accepting = true,
                    WAKER => {
                        if self.obey()? {
                            return Ok(());
                        }
                    }
                    _ => self.act(event)?,
                }
            }
            if accepting {
                self.crowded = !self.accept_all()?;
            }
        }
    }

    /// Many wakes may arrive as one event, so all commands are taken. True for `quit`.
    fn obey(&self) -> Outcome<bool> {
        for command in self.commands.try_iter() {
            match command.as_str() {
                "quit" => return Ok(true),
                "who" => writeln!(io::stdout(), "  {} clients", self.clients.len())?,
                other => writeln!(io::stdout(), "  '{other}' is neither who nor quit")?,
            }
        }
        Ok(false)
    }

    fn act(&mut self, event: &Event) -> Outcome {
        let Some(client) = self.clients.get_mut(&event.token()) else { return Ok(()) };
        let more = client.pump(event)?;
        if !client.open {
            // Before the close that dropping it means, as with EPOLL_CTL_DEL.
            self.poll.registry().deregister(&mut client.stream)?;
            self.clients.remove(&event.token());
        } else if more {
            // Others want their turn: what is still ready comes back as a new event.
            self.poll.registry().reregister(&mut client.stream, event.token(), BOTH)?;
        }
        Ok(())
    }

    /// Takes everybody who waits in the queue: by edge there is no second call. False when the
    /// descriptors run out.
    fn accept_all(&mut self) -> Outcome<bool> {
        loop {
            match self.listener.accept() {
                Ok((mut stream, _)) => {
                    // The end of an answer shall not wait until its beginning is acknowledged,
                    // which the peer may put off for 40 ms (Nagle's algorithm; tcp(7)).
                    stream.set_nodelay(true)?;
                    let token = Token(self.next);
                    self.next += 1;
                    writeln!(io::stdout(), "  token 0: a new connection: token {}", token.0)?;
                    match self.poll.registry().register(&mut stream, token, BOTH) {
                        Ok(()) => drop(self.clients.insert(token, Client::new(stream))),
                        // epoll has no room for it (ENOMEM, ENOSPC): it is turned away and sees
                        // the end, the others are served.
                        Err(error) => writeln!(io::stderr(), "token {}: {error}", token.0)?,
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) if tcp::concerns_one_connection(&error) => {}
                Err(error) if tcp::is_out_of_resources(&error) => {
                    if !self.crowded {
                        writeln!(io::stderr(), "new clients have to wait: {error}")?;
                    }
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
