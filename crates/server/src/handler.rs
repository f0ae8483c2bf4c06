//! What a server does for its clients, in two forms.
//!
//! A [`Handler`] is written straight through: it reads, it writes, it waits where it has to. A
//! [`Session`] is a state machine: bytes in, bytes out, no call in it waits. A blocking loop can
//! drive a state machine, so [`Sessions`] is a handler and runs on every executor. Nobody can
//! drive a function that waits from an event loop, so a handler of connections runs on all but
//! [`Multiplexed`](crate::Multiplexed), and the compiler says so.
//!
//! Datagrams need only one form: one comes in whole, an answer goes out, and neither waits.

use std::io::{self, Read as _};

use sockets::SendQueue;

use crate::connection::{Connection, Stream};

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
    fn received(&mut self, bytes: &[u8], reply: &mut SendQueue) -> io::Result<Next>;

    /// The client has ended its side: the last words.
    ///
    /// # Errors
    /// As [`Session::received`].
    fn ended(&mut self, reply: &mut SendQueue) -> io::Result<()> {
        let _ = reply;
        Ok(())
    }
}

/// How a conversation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// With more from the client.
    Read,
    /// Not at all: what is owed is sent, then the connection is closed.
    Close,
}

/// A handler that begins a [`Session`] for each client: `Sessions(Echo::default)`.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<F>(pub F);

/// Above this, a client that does not read its answers is not read from either.
pub(crate) const OWED: usize = 64 * 1024;

/// Bytes read at once.
pub(crate) const PIECE: usize = 16 * 1024;

impl<S: Stream, N: Session, F: Fn() -> N> Handler<Connection<S>> for Sessions<F> {
    fn handle(&self, client: &Connection<S>) -> io::Result<()> {
        let (mut client, mut session) = (client, (self.0)());
        let (mut reply, mut bytes) = (SendQueue::with_limit(OWED), vec![0; PIECE]);
        loop {
            let n = client.read(&mut bytes)?;
            let next = step(&mut session, &bytes[..n], &mut reply)?;
            reply.flush(client)?;
            if next == Next::Close {
                return Ok(());
            }
        }
    }
}

/// What a read means to a session: no bytes are the end.
pub(crate) fn step(
    session: &mut impl Session,
    bytes: &[u8],
    reply: &mut SendQueue,
) -> io::Result<Next> {
    if bytes.is_empty() {
        session.ended(reply)?;
        return Ok(Next::Close);
    }
    session.received(bytes, reply)
}
