//! A transport, an executor and a handler put together.

use std::fmt;
use std::time::Duration;

use syscall::Result as CallResult;

use crate::core::{Core, Observer};
use crate::error::Result;
use crate::executor::Executor;
use crate::patience::Terms;
use crate::request::Request;
use crate::served::{End, Served};
use crate::stopper::Stopper;
use crate::transport::Transport;

/// A server that has not begun to serve. Clients may already connect: they wait in the backlog.
#[must_use = "it serves nobody before `serve`"]
pub struct Server<T: Transport, E, H> {
    transport: T,
    executor: E,
    handler: H,
    terms: Terms,
    at_once: Option<usize>,
    observer: Observer<T>,
}

impl<T: Transport, E: Executor<T, H>, H> Server<T, E, H> {
    /// No time limit for clients, five seconds of grace at a stop, as many clients at once as the
    /// executor says.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM (an eventfd for the [`Stopper`]).
    pub fn new(transport: T, executor: E, handler: H) -> CallResult<Self> {
        let grace = Duration::from_secs(5);
        let terms = Terms { each: None, grace, last_call: false, stopper: Stopper::new()? };
        let observer = Box::new(|_: &_, _: &_| ());
        Ok(Self { transport, executor, handler, terms, at_once: None, observer })
    }

    /// The same with the executor that the type says: `ForkingTcpServer::of(transport, handler)`.
    ///
    /// # Errors
    /// As [`Server::new`].
    pub fn of(transport: T, handler: H) -> CallResult<Self>
    where
        E: Default,
    {
        Self::new(transport, E::default(), handler)
    }

    /// The most clients that are served at once; 0 is taken for 1. Beyond it nobody is accepted:
    /// connections wait in the backlog, datagrams in the socket's buffer, until somebody has
    /// gone. CPython's `max_children`.
    pub fn at_once(mut self, clients: usize) -> Self {
        self.at_once = Some(clients.max(1));
        self
    }

    /// How long one client may take, from its acceptance on. A wait for it then fails with
    /// `TimedOut`. A handler that computes is not interrupted by it.
    pub fn time_for_each(mut self, limit: Duration) -> Self {
        self.terms.each = Some(limit);
        self
    }

    /// How long those who are being served at a stop may go on. After that each wait for a client
    /// fails with `TimedOut`; who has still not returned a second later is dropped: a child is
    /// killed, a thread left behind ([`End::Dropped`]). In the serving thread nobody can do that:
    /// a handler that never returns there is a server that never ends.
    pub fn grace(mut self, limit: Duration) -> Self {
        self.terms.grace = limit;
        self
    }

    /// At a stop, those who wait in the backlog already are let in and served, as far as there is room
    /// and the grace allows. Their connections are open as they see it, and they may have sent all
    /// that they have to say; otherwise they are reset.
    pub fn last_call(mut self) -> Self {
        self.terms.last_call = true;
        self
    }

    /// Is told how each client's turn has ended, in the serving thread, between two waits.
    pub fn on_end(
        mut self,
        tell: impl FnMut(&<T::Request as Request>::Peer, &End) + Send + 'static,
    ) -> Self {
        self.observer = Box::new(tell);
        self
    }

    /// What it listens on.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Another handle than its own.
    pub fn stopped_by(mut self, stopper: &Stopper) -> Self {
        self.terms.stopper = stopper.clone();
        self
    }

    /// The handle that ends it.
    pub fn stopper(&self) -> Stopper {
        self.terms.stopper.clone()
    }

    /// Serves until it is stopped (CPython's `serve_forever`, and then `server_close`).
    ///
    /// When it returns, the socket is closed, its file removed, and nothing runs any more that
    /// is not counted as [`Served::dropped`].
    ///
    /// # Errors
    /// A failure of the server itself ([`Error`](crate::Error)), never one of a client.
    pub fn serve(self) -> Result<Served> {
        self.open()?.serve()
    }

    /// Takes the descriptors that its loop needs, and lets nobody in yet. For those who run several
    /// servers: one that served already could take the last descriptor from one that begins.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM, ENOSPC (an epoll instance that watches two descriptors).
    pub fn open(self) -> Result<Open<T, E, H>> {
        let at_once = self.at_once.unwrap_or_else(|| self.executor.at_once());
        let core = Core::new(self.transport, self.terms, at_once, self.observer)?;
        Ok(Open { core, executor: self.executor, handler: self.handler })
    }
}

/// A server that has what it needs, and has let nobody in yet.
#[must_use = "it serves nobody before `serve`"]
pub struct Open<T: Transport, E, H> {
    core: Core<T>,
    executor: E,
    handler: H,
}

impl<T: Transport, E: Executor<T, H>, H> Open<T, E, H> {
    /// As [`Server::serve`].
    ///
    /// # Errors
    /// As [`Server::serve`].
    pub fn serve(mut self) -> Result<Served> {
        let crew = self.executor.start(self.handler, &mut self.core)?;
        self.core.run(crew)
    }
}

impl<T: Transport, E: fmt::Debug, H> fmt::Debug for Open<T, E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { core, executor, .. } = self;
        f.debug_struct("Open")
            .field("core", core)
            .field("executor", executor)
            .finish_non_exhaustive()
    }
}

impl<T: Transport, E: fmt::Debug, H> fmt::Debug for Server<T, E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transport, executor, terms, at_once, .. } = self;
        f.debug_struct("Server")
            .field("transport", transport)
            .field("executor", executor)
            .field("terms", terms)
            .field("at_once", at_once)
            .finish_non_exhaustive()
    }
}
