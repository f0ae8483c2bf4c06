//! CPython's socketserver in small: who is asked, and who runs the handler, are type parameters.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use sockets::tcp::concerns_one_connection;

/// What a service answers to a request. One handler serves everybody.
///
/// `Sync`: two threads may have a `&self` at the same time. It is said here, once, and not where a
/// thread is made, so that a handler fits all executors or none.
pub trait Handler: Sync {
    /// The answer.
    fn handle(&self, request: &[u8]) -> Vec<u8>;
}

impl<F> Handler for F
where
    F: Fn(&[u8]) -> Vec<u8> + Sync,
{
    fn handle(&self, request: &[u8]) -> Vec<u8> {
        self(request)
    }
}

/// Where requests come from. `Sync`, because the workers of a pool all wait for the next one.
pub trait Transport: Sync {
    /// A client, or what a client has sent. It goes to the thread that serves it.
    type Request: Request + Send;

    /// Waits for the next one.
    fn next(&self) -> io::Result<Self::Request>;
}

/// Something that can be served without the transport that it came from.
pub trait Request {
    /// Until it is done.
    fn serve(self, handler: &impl Handler) -> io::Result<()>;
}

/// Who runs the handler.
pub trait Executor {
    /// Serves until the transport fails.
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()>;
}

/// Any transport with any executor: a server.
pub fn serve<T: Transport, E: Executor, H: Handler>(
    transport: T,
    executor: E,
    handler: H,
) -> io::Result<()> {
    executor.run(transport, handler)
}

/// Connections, with a request on each line.
#[derive(Debug)]
pub struct Tcp(TcpListener);

impl Tcp {
    /// The listener is bound already.
    pub fn new(listener: TcpListener) -> Self {
        Self(listener)
    }
}

impl Transport for Tcp {
    type Request = TcpStream;

    fn next(&self) -> io::Result<TcpStream> {
        loop {
            match self.0.accept() {
                // A client that has gone again before it was let in.
                Err(error) if concerns_one_connection(&error) => {}
                done => return done.map(|(client, _)| client),
            }
        }
    }
}

impl Request for TcpStream {
    fn serve(self, handler: &impl Handler) -> io::Result<()> {
        // What has come too early for this line stays in the buffer, which belongs to the
        // connection and lives as long as it.
        let mut lines = BufReader::new(&self);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let mut answer = handler.handle(line.strip_suffix(b"\n").unwrap_or(&line));
            answer.push(b'\n');
            (&self).write_all(&answer)?;
            line.clear();
        }
        Ok(())
    }
}

/// Datagrams, each of them a request.
#[derive(Debug)]
pub struct Udp(Arc<UdpSocket>);

impl Udp {
    /// The socket is bound already.
    pub fn new(socket: UdpSocket) -> Self {
        Self(Arc::new(socket))
    }
}

/// A datagram with all that belongs to it. There is no connection that could remember anything:
/// the next datagram is somebody else's.
#[derive(Debug)]
pub struct Datagram {
    socket: Arc<UdpSocket>,
    bytes: Vec<u8>,
    from: SocketAddr,
}

impl Transport for Udp {
    type Request = Datagram;

    fn next(&self) -> io::Result<Datagram> {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            match self.0.recv_from(&mut bytes) {
                Ok((n, from)) => {
                    bytes.truncate(n);
                    return Ok(Datagram { socket: Arc::clone(&self.0), bytes, from });
                }
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Request for Datagram {
    fn serve(self, handler: &impl Handler) -> io::Result<()> {
        self.socket.send_to(&handler.handle(&self.bytes), self.from).map(drop)
    }
}

/// One after the other.
#[derive(Clone, Copy, Debug)]
pub struct Iterative;

impl Executor for Iterative {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        work(&transport, &handler)
    }
}

/// A process for each request.
#[derive(Clone, Copy, Debug)]
pub struct Fork;

impl Executor for Fork {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        let mut children: Vec<Pid> = Vec::new();
        loop {
            let request = transport.next()?;
            children.retain(|&child| {
                let status = waitpid(child, Some(WaitPidFlag::WNOHANG));
                matches!(status, Ok(WaitStatus::StillAlive) | Err(Errno::EINTR))
            });
            // SAFETY: this executor has no other threads, so the child is a whole process.
            match unsafe { fork() } {
                Ok(ForkResult::Child) => {
                    // No child keeps the port taken.
                    drop(transport);
                    attempt(request, &handler);
                    // SAFETY: it does not return, least of all into the loop.
                    unsafe { libc::_exit(0) }
                }
                // The parent's copy of the connection is dropped.
                Ok(ForkResult::Parent { child }) => children.push(child),
                // No process for this one (EAGAIN): it is turned away.
                Err(_) => {}
            }
        }
    }
}

/// A thread for each request.
#[derive(Clone, Copy, Debug)]
pub struct Thread;

impl Executor for Thread {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        let handler = &handler;
        // The threads borrow the handler: the scope does not end before they do.
        thread::scope(|scope| {
            loop {
                let request = transport.next()?;
                // No thread for this one: its closure is dropped, and the client with it.
                let _ =
                    thread::Builder::new().spawn_scoped(scope, move || attempt(request, handler));
            }
        })
    }
}

/// So many threads, each of which serves one request after the other.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// How many.
    pub workers: usize,
}

impl Executor for Pool {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        thread::scope(|scope| {
            let one = || work(&transport, &handler);
            let workers: Vec<_> = (0..self.workers).map(|_| scope.spawn(one)).collect();
            workers.into_iter().try_for_each(|worker| {
                worker.join().unwrap_or_else(|_| Err(io::Error::other("a worker has panicked")))
            })
        })
    }
}

/// One request after the other.
fn work(transport: &impl Transport, handler: &impl Handler) -> io::Result<()> {
    loop {
        attempt(transport.next()?, handler);
    }
}

/// What happens to one client, an error or a panic, ends here. The request is dropped on every
/// way, and a connection is closed by that.
fn attempt(request: impl Request, handler: &impl Handler) {
    // Unwind safe: a handler that panicked has only had a `&self`, and the request is gone.
    let _ = catch_unwind(AssertUnwindSafe(|| request.serve(handler)));
}
