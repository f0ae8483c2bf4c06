//! Where servers are bound, and clients that find them.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use server::{Tcp, Udp, Unix, UnixDgram};
use testkit::LIMIT;

/// A scratch directory for sockets with a path.
#[derive(Debug)]
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("server")
    }
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Ip(SocketAddr),
    Path(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Path(path) => path.display().fmt(f),
        }
    }
}

impl Address {
    pub(crate) fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Path(text.into()), Self::Ip)
    }
}

/// The four transports as the tests bind them.
pub(crate) trait Bound: Sized {
    fn bound(place: &Place) -> (Self, Address);
}

fn loopback() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

impl Bound for Tcp {
    fn bound(_: &Place) -> (Self, Address) {
        let transport = Self::bind(loopback()).unwrap();
        let at = Address::Ip(transport.address().unwrap());
        (transport, at)
    }
}

impl Bound for Udp {
    fn bound(_: &Place) -> (Self, Address) {
        let transport = Self::bind(loopback()).unwrap();
        let at = Address::Ip(transport.address().unwrap());
        (transport, at)
    }
}

impl Bound for Unix {
    fn bound(place: &Place) -> (Self, Address) {
        let transport = Self::bind(place.path()).unwrap();
        let at = Address::Path(transport.path().into());
        (transport, at)
    }
}

impl Bound for UnixDgram {
    fn bound(place: &Place) -> (Self, Address) {
        let transport = Self::bind(place.path()).unwrap();
        let at = Address::Path(transport.path().into());
        (transport, at)
    }
}

/// A client of either family.
#[derive(Debug)]
pub(crate) enum Client {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// Connects.
pub(crate) fn stream(at: &Address) -> io::Result<Client> {
    match at {
        Address::Ip(address) => testkit::peer::connect(*address).map(Client::Tcp),
        Address::Path(path) => {
            let stream = UnixStream::connect(path)?;
            stream.set_read_timeout(Some(LIMIT))?;
            stream.set_write_timeout(Some(LIMIT))?;
            Ok(Client::Unix(stream))
        }
    }
}

impl Client {
    /// Sends, and reads as many bytes back.
    pub(crate) fn ask(&mut self, text: impl AsRef<[u8]>) -> io::Result<String> {
        self.write_all(text.as_ref())?;
        let mut answer = vec![0; text.as_ref().len()];
        self.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer).unwrap())
    }

    pub(crate) fn shutdown(&self) {
        match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Write),
            Self::Unix(stream) => stream.shutdown(Shutdown::Write),
        }
        .unwrap();
    }

    /// All that comes until the server ends the connection.
    pub(crate) fn rest(&mut self) -> io::Result<String> {
        let mut text = String::new();
        self.read_to_string(&mut text).map(|_| text)
    }

    /// Leaves, and waits until the server has noticed.
    pub(crate) fn leave(mut self) {
        self.shutdown();
        assert_eq!(self.rest().unwrap(), "");
    }

    /// Leaves in the way that is an error for the server: by a RST, or with an answer unread.
    pub(crate) fn reset(mut self) {
        self.write_all(b"hello").unwrap();
        self.read_exact(&mut [0]).unwrap();
        if let Self::Tcp(stream) = self {
            testkit::peer::reset(stream).unwrap();
        }
    }
}

impl Read for Client {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(bytes),
            Self::Unix(stream) => stream.read(bytes),
        }
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(bytes),
            Self::Unix(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for Client {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(stream) => stream.as_fd(),
            Self::Unix(stream) => stream.as_fd(),
        }
    }
}

/// A datagram client of either family, with an address of its own.
#[derive(Debug)]
pub(crate) enum Dgram {
    Udp(UdpSocket),
    Unix(UnixDatagram),
}

/// Connected to the server.
pub(crate) fn dgram(at: &Address) -> Dgram {
    match at {
        Address::Ip(address) => {
            let socket = UdpSocket::bind(loopback()).unwrap();
            socket.set_read_timeout(Some(LIMIT)).unwrap();
            socket.connect(address).unwrap();
            Dgram::Udp(socket)
        }
        Address::Path(path) => {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let own = path.with_file_name(format!("c{}", NEXT.fetch_add(1, Ordering::Relaxed)));
            let socket = UnixDatagram::bind(own).unwrap();
            socket.set_read_timeout(Some(LIMIT)).unwrap();
            socket.connect(path).unwrap();
            Dgram::Unix(socket)
        }
    }
}

impl Dgram {
    pub(crate) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let n = match self {
            Self::Udp(socket) => socket.send(bytes),
            Self::Unix(socket) => socket.send(bytes),
        };
        n.map(|n| assert_eq!(n, bytes.len()))
    }

    pub(crate) fn receive(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; 1 << 16];
        let n = match self {
            Self::Udp(socket) => socket.recv(&mut bytes),
            Self::Unix(socket) => socket.recv(&mut bytes),
        }?;
        bytes.truncate(n);
        Ok(bytes)
    }

    pub(crate) fn ask(&self, text: &str) -> String {
        self.send(text.as_bytes()).unwrap();
        String::from_utf8(self.receive().unwrap()).unwrap()
    }
}

impl AsFd for Dgram {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Udp(socket) => socket.as_fd(),
            Self::Unix(socket) => socket.as_fd(),
        }
    }
}
