//! Where clients come from: a bound socket (CPython's `server_bind` and `server_activate`).

use std::cell::RefCell;
use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use sockets::unix::{self, SocketFile};
use sockets::{tcp, udp};
use syscall::{Context as _, Result};

use crate::connection::{Connection, Stream};
use crate::datagram::{Datagram, DatagramSocket, LONGEST};
use crate::patience::Terms;
use crate::request::Request;

/// A bound socket that gives requests. Its descriptor is readable when one waits.
pub trait Transport: AsFd + Debug {
    /// A [`Connection`] or a [`Datagram`].
    type Request: Request;

    /// Takes one that waits, `None` when none does. Never waits itself, passes over those that
    /// have gone again, and may be called again after an error.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOBUFS, ENOMEM; any other means that it will fail for ever.
    fn accept(&self, terms: &Terms) -> io::Result<Option<Self::Request>>;
}

/// Connections over TCP.
#[derive(Debug)]
pub struct Tcp(TcpListener);

impl Tcp {
    /// With a backlog of 128 and SO_REUSEADDR. CPython's `TCPServer` has 5 (`request_queue_size`)
    /// and no SO_REUSEADDR (`allow_reuse_address`), so that it cannot be started again while old
    /// connections are in TIME_WAIT: [`Tcp::listen`] can do that too.
    ///
    /// # Errors
    /// Those of [`tcp::Listen::on`]. No descriptor is left open by them.
    pub fn bind(address: SocketAddr) -> Result<Self> {
        Self::listen(tcp::Listen::new(), address)
    }

    /// With other options. O_NONBLOCK is set in any case.
    ///
    /// # Errors
    /// Those of [`tcp::Listen::on`].
    pub fn listen(how: tcp::Listen, address: SocketAddr) -> Result<Self> {
        how.nonblocking(true).on(address).map(Self)
    }

    /// A listener that is there already, such as one that was inherited. O_NONBLOCK is set.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn of(listener: TcpListener) -> Result<Self> {
        listener.set_nonblocking(true).call("fcntl")?;
        Ok(Self(listener))
    }

    /// Where it listens.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn address(&self) -> Result<SocketAddr> {
        self.0.local_addr().call("getsockname")
    }
}

impl Transport for Tcp {
    type Request = Connection<TcpStream>;

    fn accept(&self, terms: &Terms) -> io::Result<Option<Self::Request>> {
        accept(
            || tcp::accept_nonblocking(&self.0),
            terms,
            |stream, peer, terms| Ok(Connection::begin(stream, peer, terms)),
        )
    }
}

impl AsFd for Tcp {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Connections over a Unix socket with a path, which is removed at the end.
#[derive(Debug)]
pub struct Unix(UnixListener, SocketFile);

impl Unix {
    /// With a backlog of 128. A file that a dead server has left is replaced.
    ///
    /// # Errors
    /// Those of [`unix::listen`].
    pub fn bind(path: impl AsRef<Path>) -> Result<Self> {
        Self::listen(path, 128)
    }

    /// With another backlog.
    ///
    /// # Errors
    /// Those of [`unix::listen`].
    pub fn listen(path: impl AsRef<Path>, backlog: u16) -> Result<Self> {
        let (listener, file) = unix::listen(path, backlog)?;
        listener.set_nonblocking(true).call("fcntl")?;
        Ok(Self(listener, file))
    }

    /// Where it listens.
    pub fn path(&self) -> &Path {
        self.1.path()
    }
}

impl Transport for Unix {
    type Request = Connection<UnixStream>;

    fn accept(&self, terms: &Terms) -> io::Result<Option<Self::Request>> {
        accept(|| self.0.accept(), terms, Connection::new)
    }
}

impl AsFd for Unix {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn accept<S: Stream>(
    mut call: impl FnMut() -> io::Result<(S, S::Peer)>,
    terms: &Terms,
    begin: impl Fn(S, S::Peer, &Terms) -> io::Result<Connection<S>>,
) -> io::Result<Option<Connection<S>>> {
    loop {
        match call() {
            Ok((stream, peer)) => return begin(stream, peer, terms).map(Some),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if tcp::concerns_one_connection(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// A bound datagram socket and the memory that datagrams are received in.
#[derive(Debug)]
struct Mailbox<S> {
    /// Each request has a share: the way back outlives the server, if it must.
    socket: Arc<S>,
    buffer: RefCell<Vec<u8>>,
}

impl<S: DatagramSocket> Mailbox<S> {
    fn new(socket: S) -> Self {
        // One byte more than is taken, to notice what was cut.
        Self { socket: Arc::new(socket), buffer: RefCell::new(vec![0; LONGEST + 1]) }
    }

    fn receive(&self) -> io::Result<Option<Datagram<S>>> {
        Datagram::receive(&self.socket, &mut self.buffer.borrow_mut())
    }
}

/// Datagrams over UDP.
#[derive(Debug)]
pub struct Udp(Mailbox<UdpSocket>);

impl Udp {
    /// Without options: SO_REUSEADDR would let a second server take the datagrams away.
    ///
    /// # Errors
    /// Those of [`udp::Bind::on`].
    pub fn bind(address: SocketAddr) -> Result<Self> {
        let socket = udp::Bind::new().nonblocking(true).on(address)?;
        Ok(Self(Mailbox::new(socket)))
    }

    /// Where it is bound.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn address(&self) -> Result<SocketAddr> {
        self.0.socket.local_addr().call("getsockname")
    }
}

impl Transport for Udp {
    type Request = Datagram<UdpSocket>;

    fn accept(&self, _: &Terms) -> io::Result<Option<Self::Request>> {
        self.0.receive()
    }
}

impl AsFd for Udp {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.socket.as_fd()
    }
}

/// Datagrams over a Unix socket with a path, which is removed at the end. A client has to bind an
/// address of its own to be answered.
#[derive(Debug)]
pub struct UnixDgram(Mailbox<UnixDatagram>, SocketFile);

impl UnixDgram {
    /// A file that a dead server has left is replaced.
    ///
    /// # Errors
    /// Those of [`unix::datagram`].
    pub fn bind(path: impl AsRef<Path>) -> Result<Self> {
        let (socket, file) = unix::datagram(path)?;
        socket.set_nonblocking(true).call("fcntl")?;
        Ok(Self(Mailbox::new(socket), file))
    }

    /// Where it is bound.
    pub fn path(&self) -> &Path {
        self.1.path()
    }
}

impl Transport for UnixDgram {
    type Request = Datagram<UnixDatagram>;

    fn accept(&self, _: &Terms) -> io::Result<Option<Self::Request>> {
        self.0.receive()
    }
}

impl AsFd for UnixDgram {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.socket.as_fd()
    }
}
