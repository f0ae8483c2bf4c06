//! What a server does for its clients, in two forms.
//!
//! A [`Handler`] is written straight through: it reads, it writes, it waits where it has to. A
//! [`Session`] is a state machine: bytes in, bytes out, no call in it waits. A blocking loop can
//! drive a state machine, so [`Sessions`] is a handler and runs on every executor. Nobody can
//! drive a function that waits from an event loop, so a handler of connections runs on all but
//! [`Multiplexed`](crate::Multiplexed), and the compiler says so.
//!
//! Datagrams need only one form: one comes in whole, an answer goes out, and neither waits.

use std::io;
use std::time::Duration;

use crate::connection::{Connection, Stream, Woken};
use crate::conversation::Conversation;
use crate::reply::Reply;
use crate::room::Room;

/// Serves one request: CPython's `BaseRequestHandler.handle`. Every `Fn(&R) -> io::Result<()>` is
/// one, where `R` is a [`Connection`] or a [`Datagram`](crate::Datagram).
///
/// An error or a panic costs this one client and is counted ([`End`](crate::End)).
pub trait Handler<R> {
    /// Returns when the client has been served.
    ///
    /// # Errors
    /// Whatever kept it from being served.
    fn handle(&self, request: &R) -> io::Result<()>;
}

impl<R, F: Fn(&R) -> io::Result<()>> Handler<R> for F {
    fn handle(&self, request: &R) -> io::Result<()> {
        self(request)
    }
}

/// One client's conversation as a state machine.
pub trait Session {
    /// These bytes have come, cut anywhere; the answer goes to `reply`. As long as the peer has
    /// not taken enough of it, nothing more is read from it.
    ///
    /// # Errors
    /// Whatever ends the conversation at once; what is in `reply` is not sent then.
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> io::Result<Next>;

    /// All that was owed has gone, and there is room for more of a long answer, or for the answer
    /// to a request that came too early. It is asked again until it adds nothing, also behind
    /// [`Next::Close`] and [`Session::ended`].
    ///
    /// # Errors
    /// As [`Session::received`].
    fn more(&mut self, reply: &mut Reply) -> io::Result<Next> {
        let _ = reply;
        Ok(Next::Read)
    }

    /// The client has ended its side: the last words.
    ///
    /// # Errors
    /// As [`Session::received`].
    fn ended(&mut self, reply: &mut Reply) -> io::Result<()> {
        let _ = reply;
        Ok(())
    }

    /// The server was stopped, and waits for its clients no longer than
    /// [`Server::grace`](crate::Server::grace) says: who is between two requests can be let go.
    ///
    /// # Errors
    /// As [`Session::received`].
    fn stopping(&mut self, reply: &mut Reply) -> io::Result<Next> {
        let _ = reply;
        Ok(Next::Read)
    }

    /// The time of its [`Pace`] is over: the last words, if there are any to say. They are sent
    /// behind what is owed already; whoever does not take them in time either is dropped.
    ///
    /// # Errors
    /// As [`Session::received`]; [`Next::Read`] and [`Next::Again`] count as `TimedOut`, too.
    fn late(&mut self, reply: &mut Reply) -> io::Result<Next> {
        let _ = reply;
        Err(io::ErrorKind::TimedOut.into())
    }

    /// Whether closing the connection now would cost the client nothing, as between two requests of
    /// a protocol in which it may come back. When descriptors run out, an event loop closes those that
    /// have been idle longest, to let in whoever waits.
    fn is_idle(&self) -> bool {
        false
    }

    /// How far the client has come, and how long it may take to get further. `None`: as long as
    /// the server grants to each.
    fn pace(&self) -> Option<Pace> {
        None
    }
}

/// A limit for what cannot have a total one, such as a large file over a slow line: the time
/// begins anew when `step` changes, and whenever the client has taken something of what it is
/// owed. A session that counts requests lets nobody drip a request byte by byte. At its end the
/// session has the last word ([`Session::late`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Any number that is another one when the client has got ahead.
    pub step: u64,
    /// Until the next step. Then the client is dropped, as a rule: `TimedOut`.
    pub within: Duration,
}

/// How a conversation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// With more from the client.
    Read,
    /// With [`Session::more`], as soon as the others had their turn: for work that is too long for
    /// one turn.
    Again,
    /// Not at all: what is owed is sent, then the connection is closed.
    Close,
    /// As [`Next::Close`] for a client that is still talking: what it says is dropped until it has
    /// closed its side, for two seconds at most. Data that nobody reads would make the close a RST,
    /// which can cost the client our last words (RFC 2525, 2.17).
    Linger,
}

/// A handler that begins a [`Session`] for each client: `Sessions(Echo::default)`.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<F>(pub F);

/// The same for sessions that want to know whose they are: `SessionsFor(|peer: &SocketAddr| …)`.
#[derive(Clone, Copy, Debug)]
pub struct SessionsFor<F>(pub F);

/// Begins a session for a client.
#[doc(hidden)]
pub trait Begin<P> {
    type Session: Session;
    fn begin(&self, peer: &P) -> Self::Session;
}

impl<P, N: Session, F: Fn() -> N> Begin<P> for Sessions<F> {
    type Session = N;

    fn begin(&self, _: &P) -> N {
        (self.0)()
    }
}

impl<P, N: Session, F: Fn(&P) -> N> Begin<P> for SessionsFor<F> {
    type Session = N;

    fn begin(&self, peer: &P) -> N {
        (self.0)(peer)
    }
}

impl<S: Stream, F> Handler<Connection<S>> for Sessions<F>
where
    Self: Begin<S::Peer>,
{
    fn handle(&self, client: &Connection<S>) -> io::Result<()> {
        converse(self, client)
    }
}

impl<S: Stream, F> Handler<Connection<S>> for SessionsFor<F>
where
    Self: Begin<S::Peer>,
{
    fn handle(&self, client: &Connection<S>) -> io::Result<()> {
        converse(self, client)
    }
}

/// An event loop for one client.
fn converse<S: Stream>(sessions: &impl Begin<S::Peer>, client: &Connection<S>) -> io::Result<()> {
    let mut room = Room::new();
    let mut talk = Conversation::new(sessions.begin(client.peer()));
    loop {
        let done = match client.wait(talk.interest(), talk.deadline()) {
            Ok(Woken::Ready) => talk.act(client.stream(), &mut room)?,
            Ok(Woken::Stopped) => talk.stopping(client.stream())?,
            // Its own limit, and neither the server's nor the end of the grace.
            Err(_) if talk.deadline().has_passed() && !client.deadline().has_passed() => {
                talk.late(client.stream())?
            }
            Err(error) => return Err(error),
        };
        if done {
            return Ok(());
        }
    }
}
