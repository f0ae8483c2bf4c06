//! One request of a datagram server.

use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixDatagram};
use std::sync::Arc;

use sockets::tcp::concerns_one_connection;
use syscall::{Errno, retry};

use crate::request::Request;

/// A datagram socket of std.
pub trait DatagramSocket: AsFd + Debug + Send + Sync + 'static {
    /// What names the other side.
    type Peer: Clone + Debug + Send + 'static;

    /// recvfrom(2).
    ///
    /// # Errors
    /// EAGAIN when nothing is there.
    fn receive(&self, bytes: &mut [u8]) -> io::Result<(usize, Self::Peer)>;

    /// sendto(2).
    ///
    /// # Errors
    /// See [`Datagram::reply`].
    fn send(&self, bytes: &[u8], to: &Self::Peer) -> io::Result<usize>;
}

impl DatagramSocket for UdpSocket {
    type Peer = SocketAddr;

    fn receive(&self, bytes: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.recv_from(bytes)
    }

    fn send(&self, bytes: &[u8], to: &SocketAddr) -> io::Result<usize> {
        self.send_to(bytes, to)
    }
}

impl DatagramSocket for UnixDatagram {
    type Peer = UnixAddr;

    fn receive(&self, bytes: &mut [u8]) -> io::Result<(usize, UnixAddr)> {
        self.recv_from(bytes)
    }

    fn send(&self, bytes: &[u8], to: &UnixAddr) -> io::Result<usize> {
        if to.is_unnamed() {
            return Err(Errno::EDESTADDRREQ.into());
        }
        self.send_to_addr(bytes, to)
    }
}

/// A datagram that has come, and the way back: CPython's `DatagramRequestHandler`.
#[derive(Debug)]
pub struct Datagram<S: DatagramSocket> {
    socket: Arc<S>,
    bytes: Vec<u8>,
    peer: S::Peer,
    cut: bool,
}

/// The longest datagram that is taken, in bytes: more than UDP can carry. CPython's
/// `max_packet_size` is 8,192, and what is longer is cut in silence; here it is not handled at
/// all, and told as a failure (EMSGSIZE).
pub const LONGEST: usize = 64 * 1024;

impl<S: DatagramSocket> Datagram<S> {
    /// Takes one that waits, `None` when none does. `buffer` is a byte longer than [`LONGEST`].
    pub(crate) fn receive(socket: &Arc<S>, buffer: &mut [u8]) -> io::Result<Option<Self>> {
        loop {
            match socket.receive(buffer) {
                Ok((n, peer)) => {
                    let bytes = buffer[..n.min(LONGEST)].to_vec();
                    let socket = Arc::clone(socket);
                    return Ok(Some(Self { socket, bytes, peer, cut: n > LONGEST }));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                // EINTR, or an error of the network that was waiting on the socket.
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// What it says; empty is a datagram too.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Who has sent it.
    pub fn peer(&self) -> &S::Peer {
        &self.peer
    }

    /// Sends a datagram back. It never waits: where there is no room for it, it is lost, as on
    /// the network; so a datagram handler is fit for an event loop.
    ///
    /// # Errors
    /// EAGAIN (no room: a Unix peer that does not fetch its answers), EMSGSIZE, EDESTADDRREQ (a
    /// Unix peer without an address), ECONNREFUSED and ENOENT (a Unix peer that has gone).
    pub fn reply(&self, bytes: &[u8]) -> io::Result<()> {
        retry(|| self.socket.send(bytes, &self.peer)).map(drop)
    }
}

impl<S: DatagramSocket> Request for Datagram<S> {
    type Peer = S::Peer;

    fn peer(&self) -> S::Peer {
        self.peer.clone()
    }

    fn intact(&self) -> io::Result<()> {
        if self.cut { Err(Errno::EMSGSIZE.into()) } else { Ok(()) }
    }
}
