//! The course's own protocol, in all the models of the course.
//!
//! A [`Session`] is a state machine over the [wire](crate::wire) and the [store](crate::store):
//! bytes come in, bytes and files go out, nothing in it waits for the client. Crate `server` runs
//! it: by one process, a process or a thread for each client, a crew of threads, or one loop.

mod event;
mod get;
mod put;
mod session;
mod told;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use server::{Error, Served};
use server::{
    Executor, Fork, Iterative, Multiplexed, Pool, Server, SessionsFor, Stopper, Tcp, Thread,
};
use socket2::SockRef;
use syscall::Context as _;

use crate::store::Store;
use told::Told;

pub use event::{Event, Outcome, What};
pub use service::Model;
pub use session::Session;

/// A client of the loop costs a buffer, and has a file open while one is under way.
const CLIENTS_OF_A_LOOP: usize = 1024;

/// How to serve.
#[derive(Clone)]
pub struct Options {
    /// Who serves a client.
    pub model: Model,
    /// The most clients at once, and the workers of [`Model::Pool`]; `None` for what suits the
    /// model. Others wait in the backlog.
    pub at_once: Option<usize>,
    /// How long a client may take to get ahead.
    pub patience: Duration,
    /// How long a stop leaves to those who are being served.
    pub grace: Duration,
    /// Is told what has been done, in the process and the thread that did it.
    pub tell: Arc<dyn Fn(&Event<'_>) + Send + Sync>,
}

impl Default for Options {
    /// The loop, a minute of patience, ten seconds of grace, told to nobody.
    fn default() -> Self {
        Self {
            model: Model::Epoll,
            at_once: None,
            patience: Duration::from_mins(1),
            grace: Duration::from_secs(10),
            tell: Arc::new(|_| ()),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { model, at_once, patience, grace, tell: _ } = self;
        f.debug_struct("Options")
            .field("model", model)
            .field("at_once", at_once)
            .field("patience", patience)
            .field("grace", grace)
            .finish_non_exhaustive()
    }
}

/// Serves the store until it is stopped. What became of the clients comes back.
///
/// With [`Model::Fork`] the process must have no other threads.
///
/// # Errors
/// A failure of the server itself, never one of a client.
pub fn serve(
    listener: TcpListener,
    store: Store,
    options: &Options,
    stopper: &Stopper,
) -> Result<Served, Error> {
    match options.model {
        Model::Iterative => run(listener, store, options, stopper, Iterative),
        Model::Fork => run(listener, store, options, stopper, Fork),
        Model::Thread => run(listener, store, options, stopper, Thread),
        Model::Pool => run(listener, store, options, stopper, Pool::of(options.clients())),
        Model::Epoll => run(listener, store, options, stopper, Multiplexed),
    }
}

/// Sessions that know whom they serve.
type Begin = SessionsFor<Box<dyn Fn(&SocketAddr) -> Session + Send + Sync>>;

fn run(
    listener: TcpListener,
    store: Store,
    options: &Options,
    stopper: &Stopper,
    executor: impl Executor<Tcp, Begin>,
) -> Result<Served, Error> {
    // Accepted sockets inherit it: the last segment of an answer waits for no acknowledgement. What
    // belongs together is held together by MSG_MORE instead.
    SockRef::from(&listener).set_tcp_nodelay(true).call("setsockopt TCP_NODELAY")?;
    let (patience, tell) = (options.patience, Arc::clone(&options.tell));
    let begin = move |peer: &SocketAddr| {
        let told = Told { peer: *peer, tell: Arc::clone(&tell) };
        Session::new(store.clone(), patience, told)
    };
    Server::new(Tcp::of(listener)?, executor, SessionsFor(Box::new(begin) as _))?
        .at_once(options.clients())
        .grace(options.grace)
        .stopped_by(stopper)
        .serve()
}

impl Options {
    fn clients(&self) -> usize {
        self.at_once.unwrap_or_else(|| self.model.fit_for(CLIENTS_OF_A_LOOP))
    }
}
