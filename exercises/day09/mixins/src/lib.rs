//! CPython's socketserver in small: who is asked, and who runs the handler, are type parameters.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;

/// What a service answers to a request. One handler serves everybody: also several at the same
/// time. What must it be for that? Say it here, and in the line of `impl` below.
pub trait Handler {
    /// The answer.
    fn handle(&self, request: &[u8]) -> Vec<u8>;
}

impl<F> Handler for F
where
    F: Fn(&[u8]) -> Vec<u8>,
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
        todo!()
    }
}

impl Request for TcpStream {
    fn serve(self, handler: &impl Handler) -> io::Result<()> {
        todo!()
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
        todo!()
    }
}

impl Request for Datagram {
    fn serve(self, handler: &impl Handler) -> io::Result<()> {
        todo!()
    }
}

/// One after the other.
#[derive(Clone, Copy, Debug)]
pub struct Iterative;

impl Executor for Iterative {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        todo!()
    }
}

/// A process for each request.
#[derive(Clone, Copy, Debug)]
pub struct Fork;

impl Executor for Fork {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        todo!()
    }
}

/// A thread for each request.
#[derive(Clone, Copy, Debug)]
pub struct Thread;

impl Executor for Thread {
    fn run<T: Transport, H: Handler>(self, transport: T, handler: H) -> io::Result<()> {
        todo!()
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
        todo!()
    }
}
