//! One client of the event loop: what can be done for it without waiting.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use multiplex::Interest;
use syscall::Deadline;

use crate::connection::{Connection, Stream};
use crate::conversation::Conversation;
use crate::datagram::{Datagram, DatagramSocket};
use crate::handler::{Begin, Handler, Session, Sessions, SessionsFor};
use crate::patience::earlier;
use crate::request::{Request, serve, shielded};
use crate::room::Room;
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
    /// Closing it would cost the client nothing.
    fn is_idle(&self) -> bool;
    /// The server was stopped; otherwise as `act`.
    #[allow(clippy::missing_errors_doc, reason = "only the event loop calls it")]
    fn stop(&mut self, by: Deadline) -> io::Result<bool>;
    /// Its deadline has passed; otherwise as `act`.
    #[allow(clippy::missing_errors_doc, reason = "only the event loop calls it")]
    fn late(&mut self) -> io::Result<bool>;
    /// Does what can be done without waiting. True when everything is done.
    #[allow(clippy::missing_errors_doc, reason = "only the event loop calls it")]
    fn act(&mut self, room: &mut Room) -> io::Result<bool>;
}

impl<S: Stream, F> Multiplex<Connection<S>> for Sessions<F>
where
    Self: Begin<S::Peer>,
{
    type Talk = Client<S, <Self as Begin<S::Peer>>::Session>;

    fn begin(&self, connection: Connection<S>) -> std::result::Result<Self::Talk, End> {
        Client::begin(self, connection)
    }
}

impl<S: Stream, F> Multiplex<Connection<S>> for SessionsFor<F>
where
    Self: Begin<S::Peer>,
{
    type Talk = Client<S, <Self as Begin<S::Peer>>::Session>;

    fn begin(&self, connection: Connection<S>) -> std::result::Result<Self::Talk, End> {
        Client::begin(self, connection)
    }
}

impl<S: DatagramSocket, H: Handler<Datagram<S>>> Multiplex<Datagram<S>> for H {
    type Talk = Nobody;

    /// A datagram's handler does not wait: it is done before the loop goes on.
    fn begin(&self, datagram: Datagram<S>) -> std::result::Result<Nobody, End> {
        Err(serve(self, datagram))
    }
}

/// A connection and its session.
#[derive(Debug)]
pub struct Client<S: Stream, N> {
    connection: Connection<S>,
    talk: Conversation<N>,
}

impl<S: Stream, N: Session> Client<S, N> {
    fn begin(
        sessions: &impl Begin<S::Peer, Session = N>,
        connection: Connection<S>,
    ) -> std::result::Result<Self, End> {
        let mut talk = None;
        let end = shielded(|| {
            talk = Some(Conversation::new(sessions.begin(connection.peer())));
            Ok(())
        });
        talk.map(|talk| Self { connection, talk }).ok_or(end)
    }

    fn after(&self, done: bool) -> bool {
        if done {
            self.connection.finish();
        }
        done
    }
}

impl<S: Stream, N: Session> Talk<Connection<S>> for Client<S, N> {
    fn peer(&self) -> S::Peer {
        self.connection.peer().clone()
    }

    fn interest(&self) -> Interest {
        self.talk.interest()
    }

    fn deadline(&self) -> Deadline {
        earlier(self.connection.deadline(), self.talk.deadline())
    }

    fn is_idle(&self) -> bool {
        self.talk.is_idle()
    }

    fn stop(&mut self, by: Deadline) -> io::Result<bool> {
        self.connection.end_by(by);
        let done = self.talk.stopping(self.connection.stream())?;
        Ok(self.after(done))
    }

    fn late(&mut self) -> io::Result<bool> {
        if self.connection.deadline().has_passed() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let done = self.talk.late(self.connection.stream())?;
        Ok(self.after(done))
    }

    fn act(&mut self, room: &mut Room) -> io::Result<bool> {
        let done = self.talk.act(self.connection.stream(), room)?;
        Ok(self.after(done))
    }
}

impl<S: Stream, N> AsFd for Client<S, N> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.as_fd()
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

    fn is_idle(&self) -> bool {
        match *self {}
    }

    fn stop(&mut self, _: Deadline) -> io::Result<bool> {
        match *self {}
    }

    fn late(&mut self) -> io::Result<bool> {
        match *self {}
    }

    fn act(&mut self, _: &mut Room) -> io::Result<bool> {
        match *self {}
    }
}
