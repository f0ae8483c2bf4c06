//! A thread for each client, CPython's `ThreadingMixIn`; and a fixed crew of threads.

use std::collections::HashMap;
use std::fmt;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

use multiplex::{Interest, Token, Waker};
use threads::Flavour;

use super::Executor;
use crate::core::{Core, Crew};
use crate::error::Result;
use crate::handler::Handler;
use crate::request::{Request, serve};
use crate::served::End;
use crate::transport::Transport;

/// Starts a thread for each client. A handler shares its memory with all the others.
///
/// CPython's `block_on_close` waits for all threads at the end, for as long as it takes, and
/// `daemon_threads` for none. Here serving waits for them until the grace is over; a thread that
/// computes on cannot be ended and is left behind ([`End::Dropped`]).
#[derive(Clone, Copy, Debug, Default)]
pub struct Thread;

/// Serves each client by a worker of a fixed crew ([`threads::Pool`]): no start of a thread for
/// each client, and a limit that nobody has to think of. There is no such class in CPython.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    workers: usize,
}

impl Pool {
    /// With so many workers. None at all are refused when serving begins (EINVAL).
    pub fn of(workers: usize) -> Self {
        Self { workers }
    }
}

impl Default for Pool {
    /// As many workers as there are processors, at least four: handlers wait more than they
    /// compute.
    fn default() -> Self {
        Self::of(std::thread::available_parallelism().map_or(4, |n| n.get().max(4)))
    }
}

impl<T, H> Executor<T, H> for Thread
where
    T: Transport<Request: Send + 'static>,
    H: Handler<T::Request> + Send + Sync + 'static,
{
    type Crew = Threads<H, <T::Request as Request>::Peer>;

    fn at_once(&self) -> usize {
        256
    }

    fn start(self, handler: H, core: &mut Core<T>) -> Result<Self::Crew> {
        Threads::new(handler, Staff::Each(HashMap::new()), core)
    }
}

impl<T, H> Executor<T, H> for Pool
where
    T: Transport<Request: Send + 'static>,
    H: Handler<T::Request> + Send + Sync + 'static,
{
    type Crew = Threads<H, <T::Request as Request>::Peer>;

    fn at_once(&self) -> usize {
        self.workers
    }

    fn start(self, handler: H, core: &mut Core<T>) -> Result<Self::Crew> {
        let pool = threads::Pool::named(Flavour::Channel, self.workers, "server")?;
        Threads::new(handler, Staff::Pool(Some(pool)), core)
    }
}

/// Where threads come from.
#[derive(Debug)]
enum Staff {
    Each(HashMap<u64, JoinHandle<()>>),
    Pool(Option<threads::Pool>),
}

/// Clients that threads are serving, and the way by which those tell their ends.
pub struct Threads<H, P> {
    handler: Arc<H>,
    staff: Staff,
    clients: HashMap<u64, P>,
    last: u64,
    tell: Sender<(u64, End)>,
    told: Receiver<(u64, End)>,
    bell: Waker,
}

impl<H, P> Threads<H, P> {
    fn new<T: Transport>(handler: H, staff: Staff, core: &mut Core<T>) -> Result<Self> {
        let bell = Waker::new()?;
        core.watch(bell.as_fd(), Interest::READABLE, |_| false)?;
        let (handler, clients) = (Arc::new(handler), HashMap::new());
        let (tell, told) = channel();
        Ok(Self { handler, staff, clients, last: 0, tell, told, bell })
    }

    /// Takes note of all who have told their end.
    fn collect<T: Transport<Request: Request<Peer = P>>>(&mut self, core: &mut Core<T>) {
        for (client, end) in self.told.try_iter() {
            if let Staff::Each(handles) = &mut self.staff
                && let Some(handle) = handles.remove(&client)
            {
                // Telling was the last thing it did, and it does not panic.
                let _ = handle.join();
            }
            if let Some(peer) = self.clients.remove(&client) {
                core.ended(&peer, &end);
            }
        }
    }
}

impl<T, H> Crew<T> for Threads<H, <T::Request as Request>::Peer>
where
    T: Transport<Request: Send + 'static>,
    H: Handler<T::Request> + Send + Sync + 'static,
{
    fn take(&mut self, request: T::Request, core: &mut Core<T>) -> Result<()> {
        self.last += 1;
        let (client, peer) = (self.last, request.peer());
        let (handler, bell) = (Arc::clone(&self.handler), self.bell.clone());
        let tell = self.tell.clone();
        let work = move || {
            let end = serve(&*handler, request);
            drop(handler);
            // When nobody listens any more, this thread was left behind.
            let _ = tell.send((client, end));
            let _ = bell.wake();
        };
        match &mut self.staff {
            Staff::Each(handles) => match Builder::new().name("server".into()).spawn(work) {
                Ok(handle) => drop(handles.insert(client, handle)),
                Err(error) => {
                    core.ended(&peer, &End::Failed(error));
                    core.rest();
                    return Ok(());
                }
            },
            Staff::Pool(pool) => {
                // Its end is told by itself, not asked for.
                let _ = pool.as_ref().map(|pool| pool.submit(work));
            }
        }
        self.clients.insert(client, peer);
        Ok(())
    }

    fn ready(&mut self, _: Token, core: &mut Core<T>) -> Result<()> {
        // First the bell, then the ends: one that comes in between rings again.
        self.bell.drain()?;
        self.collect(core);
        Ok(())
    }

    fn busy(&self) -> usize {
        self.clients.len()
    }

    fn dismiss(&mut self, core: &mut Core<T>) -> Result<()> {
        self.collect(core);
        if let Staff::Pool(pool) = &mut self.staff
            && self.clients.is_empty()
            && let Some(pool) = pool.take()
        {
            pool.close().join();
        }
        // Dropping the handle of a thread, or a pool, lets them go.
        for (_, peer) in self.clients.drain() {
            core.ended(&peer, &End::Dropped);
        }
        Ok(())
    }
}

impl<H, P> fmt::Debug for Threads<H, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads")
            .field("staff", &self.staff)
            .field("busy", &self.clients.len())
            .finish_non_exhaustive()
    }
}
