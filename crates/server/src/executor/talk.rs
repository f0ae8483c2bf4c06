//! One client of the event loop: what can be done for it without waiting.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use multiplex::Interest;
use sockets::{SendQueue, not_now};
use syscall::Deadline;

use crate::connection::{Connection, Stream};
use crate::datagram::{Datagram, DatagramSocket};
use crate::handler::{Handler, Next, OWED, PIECE, Session, Sessions, step};
use crate::request::{Request, serve, shielded};
use crate::served::End;

/// What an event loop can run: sessions for connections, any handler for datagrams.
#[diagnostic::on_unimplemented(
    message = "an event loop cannot run this handler",
    note = "for connections it needs Sessions(…): what waits for one client stops all others"
)]
pub trait Multiplex<R: Request> {
    #[doc(hidden)]
    type Talk: Talk<R>;

    /// A conversation that goes on, or how it has ended at once.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc, reason = "only the event loop calls it")]
    fn begin(&self, request: R) -> std::result::Result<Self::Talk, End>;
}

/// One client of the loop.
#[doc(hidden)]
pub trait Talk<R: Request>: AsFd {
    fn peer(&self) -> R::Peer;
    fn interest(&self) -> Interest;
    fn deadline(&self) -> Deadline;
    fn end_by(&mut self, moment: Deadline);
    /// Does what can be done without waiting. True when everything is done.
    #[allow(clippy::missing_errors_doc, reason = "only the event loop calls it")]
    fn act(&mut self) -> io::Result<bool>;
}

impl<S: Stream, N: Session, F: Fn() -> N> Multiplex<Connection<S>> for Sessions<F> {
    type Talk = Client<S, N>;

    fn begin(&self, connection: Connection<S>) -> std::result::Result<Client<S, N>, End> {
        let mut session = None;
        let end = shielded(|| {
            session = Some((self.0)());
            Ok(())
        });
        let owed = SendQueue::with_limit(OWED);
        session.map(|session| Client { connection, session, owed, ended: false }).ok_or(end)
    }
}

impl<S: DatagramSocket, H: Handler<Datagram<S>>> Multiplex<Datagram<S>> for H {
    type Talk = Nobody;

    /// A datagram's handler does not wait: it is done before the loop goes on.
    fn begin(&self, datagram: Datagram<S>) -> std::result::Result<Nobody, End> {
        Err(serve(self, datagram))
    }
}

/// A connection, its session, and what it is owed.
#[derive(Debug)]
pub struct Client<S: Stream, N> {
    connection: Connection<S>,
    session: N,
    owed: SendQueue,
    /// Nothing more is read from it.
    ended: bool,
}

impl<S: Stream, N: Session> Talk<Connection<S>> for Client<S, N> {
    fn peer(&self) -> S::Peer {
        self.connection.peer().clone()
    }

    fn interest(&self) -> Interest {
        let mut interest = Interest::empty();
        interest.set(Interest::READABLE, !self.ended && !self.owed.is_full());
        interest.set(Interest::WRITABLE, !self.owed.is_empty());
        interest
    }

    fn deadline(&self) -> Deadline {
        self.connection.deadline()
    }

    fn end_by(&mut self, moment: Deadline) {
        self.connection.end_by(moment);
    }

    fn act(&mut self) -> io::Result<bool> {
        if !self.ended && !self.owed.is_full() {
            // One read: what is left over is reported again, after the others had their turn.
            let mut bytes = [0; PIECE];
            match self.connection.stream().read(&mut bytes) {
                Ok(n) => {
                    let next = step(&mut self.session, &bytes[..n], &mut self.owed)?;
                    self.ended = next == Next::Close;
                }
                Err(error) if not_now(&error) => {}
                Err(error) => return Err(error),
            }
        }
        self.owed.flush(Raw(self.connection.stream()))?;
        let done = self.ended && self.owed.is_empty();
        if done {
            self.connection.finish();
        }
        Ok(done)
    }
}

impl<S: Stream, N> AsFd for Client<S, N> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.as_fd()
    }
}

/// The stream itself, which does not wait, as a writer.
struct Raw<'a, S>(&'a S);

impl<S: Stream> io::Write for Raw<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// No datagram's conversation ever goes on.
#[derive(Debug)]
pub enum Nobody {}

impl AsFd for Nobody {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match *self {}
    }
}

impl<R: Request> Talk<R> for Nobody {
    fn peer(&self) -> R::Peer {
        match *self {}
    }

    fn interest(&self) -> Interest {
        match *self {}
    }

    fn deadline(&self) -> Deadline {
        match *self {}
    }

    fn end_by(&mut self, _: Deadline) {
        match *self {}
    }

    fn act(&mut self) -> io::Result<bool> {
        match *self {}
    }
}
