//! The threads: one for each client, all of them joined.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};

use cli::Outcome;
use multiplex::Waker;
use sockets::tcp;

use crate::server::{End, Shared};
use crate::talk;

/// A client, as the accepting thread sees it. The stream belongs to its thread and is closed by its
/// thread's end; a Weak can speak to it while it lives, and does not keep it open.
pub(crate) struct Client {
    stream: Weak<TcpStream>,
    thread: JoinHandle<()>,
}

pub(crate) struct Crew {
    shared: Arc<Shared>,
    pub(crate) clients: BTreeMap<usize, Client>,
    /// How many there have been: the number of the next.
    count: usize,
    joined: usize,
    /// Readable when a thread is ending.
    pub(crate) waker: Waker,
    leaving: Sender<usize>,
    gone: Receiver<usize>,
}

impl Crew {
    pub(crate) fn new(shared: Arc<Shared>) -> Outcome<Self> {
        let ((leaving, gone), waker) = (mpsc::channel(), Waker::new()?);
        Ok(Self { shared, clients: BTreeMap::new(), count: 0, joined: 0, waker, leaving, gone })
    }

    /// Everybody for whom there is a place; false when something has run out.
    pub(crate) fn accept(&mut self, listener: &TcpListener, told: bool) -> Outcome<bool> {
        let places = self.shared.settings.limit.saturating_sub(self.clients.len());
        for accepted in tcp::waiting(listener).take(places) {
            match accepted.and_then(|stream| self.start(stream)) {
                Ok(()) => {}
                // EAGAIN is what pthread_create says when there is no thread.
                Err(error)
                    if tcp::is_out_of_resources(&error)
                        || error.kind() == io::ErrorKind::WouldBlock =>
                {
                    if !told {
                        writeln!(io::stderr(), "new clients have to wait: {error}")?;
                    }
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    fn start(&mut self, stream: TcpStream) -> io::Result<()> {
        let number = self.count + 1;
        let stream = Arc::new(stream);
        let weak = Arc::downgrade(&stream);
        let leaves = Leaves { number, leaving: self.leaving.clone(), waker: self.waker.clone() };
        let shared = Arc::clone(&self.shared);
        // `move`: from here on the thread is the stream's only owner.
        let thread = thread::Builder::new().name(format!("client-{number}")).spawn(move || {
            // Dropped in reverse order: the connection is closed first, then the end is told.
            let leaves = leaves;
            let stream = stream;
            shared.inside.fetch_add(1, Ordering::Relaxed);
            // An error of this client is this client's end.
            let _ended = talk::talk(&stream, leaves.number, &shared);
            shared.inside.fetch_sub(1, Ordering::Relaxed);
        })?;
        self.count = number;
        self.clients.insert(number, Client { stream: weak, thread });
        Ok(())
    }

    /// A thread that has ended keeps its stack until somebody joins it.
    pub(crate) fn join_those_who_have_gone(&mut self) -> Outcome {
        self.waker.drain()?;
        while let Ok(number) = self.gone.try_recv() {
            if let Some(client) = self.clients.remove(&number) {
                // It is at its very end. A panic in it has been reported, and ends nobody else.
                let _ended = client.thread.join();
                self.joined += 1;
            }
        }
        Ok(())
    }

    fn shut(&self, how: Shutdown) {
        for stream in self.clients.values().filter_map(|client| client.stream.upgrade()) {
            // ENOTCONN: the client was faster.
            let _ = stream.shutdown(how);
        }
    }

    pub(crate) fn stop(mut self) -> Outcome<End> {
        self.join_those_who_have_gone()?;
        let inside = self.clients.len();
        // Whoever waits for a question gets an end of the stream instead. Whoever is answering goes
        // on: its side of the connection stays open.
        self.shared.stopping.store(true, Ordering::Relaxed);
        self.shut(Shutdown::Read);
        // WRONG: nobody waits for them. When main returns, the process ends, and they with it.
        Ok(End { joined: self.joined, inside, cut: 0 })
    }
}

/// Tells the accepting thread that one is ending, after a panic too.
struct Leaves {
    number: usize,
    leaving: Sender<usize>,
    waker: Waker,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        let _ = self.leaving.send(self.number);
        let _ = self.waker.wake();
    }
}
