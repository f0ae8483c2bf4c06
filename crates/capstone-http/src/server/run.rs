//! A server runs until it is stopped.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use server::{
    End, Error, Executor, Fork, Iterative, Multiplexed, Pool, Served, Server, SessionsFor, Stopper,
    Tcp, Thread,
};
use socket2::SockRef;
use syscall::Context as _;

use super::Model;
use crate::connection::{Service, Session, Worker};

/// Beyond the most connections: so many are let in to be told 503. More wait in the backlog.
const SURPLUS: usize = 64;

/// An idle connection costs an event loop less than 1 KiB.
const CONNECTIONS_OF_A_LOOP: usize = 8192;

/// Who is told how each connection has ended.
pub type Tell = Arc<dyn Fn(&SocketAddr, &End) + Send + Sync>;

/// How to serve.
#[derive(Clone)]
pub struct Options {
    /// Who serves a connection.
    pub model: Model,
    /// The most connections at once.
    pub connections: usize,
    /// How long requests that have begun may go on at a stop.
    pub grace: Duration,
    /// Is told of ends.
    pub tell: Tell,
}

impl Options {
    /// As many connections as the model is fit for, ten seconds of grace, told to nobody.
    pub fn of(model: Model) -> Self {
        let grace = Duration::from_secs(10);
        Self {
            model,
            connections: model.fit_for(CONNECTIONS_OF_A_LOOP),
            grace,
            tell: Arc::new(|_, _| ()),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, connections, grace, tell: _ } = self;
        f.debug_struct("Options")
            .field("model", model)
            .field("connections", connections)
            .field("grace", grace)
            .finish_non_exhaustive()
    }
}

/// Serves until it is stopped. What became of the connections comes back.
///
/// [`Model::Epoll`] runs a thread for each of the listeners. The others use the first one; with
/// [`Model::Fork`] the process must have no other threads.
///
/// # Errors
/// A failure of the server itself, never one of a client.
pub fn serve(
    mut listeners: Vec<TcpListener>,
    mut service: Service,
    options: &Options,
    stopper: &Stopper,
) -> Result<Served, Error> {
    service.most = options.connections as u64;
    let service = Arc::new(service);
    if options.model != Model::Epoll {
        listeners.truncate(1);
    }
    for listener in &listeners {
        // Accepted sockets inherit it: the last segment of an answer waits for no acknowledgement.
        // What belongs together is held together by MSG_MORE instead.
        SockRef::from(listener).set_tcp_nodelay(true).call("setsockopt TCP_NODELAY")?;
    }
    // Who has one place for each connection can tell nobody that there is none.
    let surplus = match options.model {
        Model::Iterative | Model::Pool => 0,
        Model::Fork | Model::Thread | Model::Epoll => SURPLUS,
    };
    // The kernel deals connections out by chance: each loop may get all of them.
    let at_once = options.connections + surplus;
    let open = |(number, listener): (usize, TcpListener)| {
        let worker = Arc::new(Worker::new(Arc::clone(&service), number));
        let run = Run { listener, worker, at_once, options, stopper };
        match options.model {
            Model::Iterative => run.with(Iterative),
            Model::Fork => run.with(Fork),
            Model::Thread => run.with(Thread),
            Model::Pool => run.with(Pool::of(options.connections)),
            Model::Epoll => run.with(Multiplexed),
        }
    };
    // All before the first lets somebody in, who may be the one too many.
    let opened = listeners.into_iter().enumerate().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut opened = opened.into_iter();
    let Some(first) = opened.next() else { return Ok(Served::default()) };
    thread::scope(|scope| {
        let others: Vec<_> = (1..)
            .zip(opened)
            .map(|(number, serve)| {
                let builder = thread::Builder::new().name(format!("loop {number}"));
                let work = move || {
                    // One that fails ends all: half a server would be found out by its clients.
                    serve().map_err(|error| stopper.stop().map_or_else(Error::Call, |()| error))
                };
                builder.spawn_scoped(scope, work).call("clone").map_err(Error::Call)
            })
            .collect();
        let mut all =
            if others.iter().all(Result::is_ok) { first() } else { Ok(Served::default()) };
        if all.is_err() || others.iter().any(Result::is_err) {
            stopper.stop()?;
        }
        for other in others {
            let other = other.and_then(|thread| {
                let gone =
                    || Error::Call(syscall::Error::new("pthread_join", syscall::Errno::EDEADLK));
                thread.join().unwrap_or_else(|_| Err(gone()))
            });
            all = all.and_then(|all| Ok(sum(all, other?)));
        }
        all
    })
}

fn sum(mut all: Served, other: Served) -> Served {
    all.clients += other.clients;
    all.done += other.done;
    all.failed += other.failed;
    all.panicked += other.panicked;
    all.dropped += other.dropped;
    all.peak += other.peak;
    all.pauses += other.pauses;
    all
}

struct Run<'r> {
    listener: TcpListener,
    worker: Arc<Worker>,
    at_once: usize,
    options: &'r Options,
    stopper: &'r Stopper,
}

/// Sessions that know whom they serve.
type Begin = SessionsFor<Box<dyn Fn(&SocketAddr) -> Session + Send + Sync>>;

/// A server that has what it needs, whatever its model.
type Serve = Box<dyn FnOnce() -> Result<Served, Error> + Send>;

impl Run<'_> {
    fn with<E>(self, executor: E) -> Result<Serve, Error>
    where
        E: Executor<Tcp, Begin> + Send + 'static,
    {
        let (worker, tell) = (self.worker, Arc::clone(&self.options.tell));
        let begin: Begin = SessionsFor(Box::new(move |peer| Session::new(&worker, peer)));
        let server = Server::new(Tcp::of(self.listener)?, executor, begin)?
            .at_once(self.at_once)
            .grace(self.options.grace)
            .last_call()
            .on_end(move |peer, end| tell(peer, end))
            .stopped_by(self.stopper)
            .open()?;
        Ok(Box::new(move || server.serve()))
    }
}
