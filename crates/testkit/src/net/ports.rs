//! The two rows of sockets that make a proxy invisible: to the clients it is the server, with all
//! the ports that a server answers from, and to the server it is the clients.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsFd as _;

use nix::poll::{PollFd, PollFlags};
use socket2::SockRef;

use super::fate::Way;

/// A datagram on its way: out of which port, and whereto.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) way: Way,
    pub(super) port: usize,
    pub(super) to: SocketAddr,
    pub(super) bytes: Vec<u8>,
}

/// A socket that stands for somebody: what comes in here is for him, and what comes from him leaves
/// through here.
#[derive(Debug)]
struct Port {
    socket: UdpSocket,
    stands_for: SocketAddr,
    /// Whereto what comes in here goes.
    way: Way,
}

#[derive(Debug)]
pub(super) struct Ports(Vec<Port>);

impl Ports {
    /// The first port stands for the server.
    pub(super) fn of(server: SocketAddr) -> io::Result<Self> {
        let mut ports = Self(Vec::new());
        ports.standing_for(server, Way::ToServer, server)?;
        Ok(ports)
    }

    pub(super) fn first(&self) -> io::Result<SocketAddr> {
        self.0[0].socket.local_addr()
    }

    /// The port of somebody on one side, a new one when he has none.
    fn standing_for(
        &mut self,
        somebody: SocketAddr,
        way: Way,
        near: SocketAddr,
    ) -> io::Result<usize> {
        let known = self.0.iter().position(|port| port.way == way && port.stands_for == somebody);
        if let Some(known) = known {
            return Ok(known);
        }
        let socket = UdpSocket::bind(SocketAddr::new(near.ip(), 0))?;
        socket.set_nonblocking(true)?;
        // Nothing shall be lost that the test has not lost on purpose.
        let _ = SockRef::from(&socket).set_recv_buffer_size(4 << 20);
        let _ = SockRef::from(&socket).set_send_buffer_size(4 << 20);
        self.0.push(Port { socket, stands_for: somebody, way });
        Ok(self.0.len() - 1)
    }

    pub(super) fn polled(&self) -> Vec<PollFd<'_>> {
        self.0.iter().map(|port| PollFd::new(port.socket.as_fd(), PollFlags::POLLIN)).collect()
    }

    /// A datagram that waits at this port.
    pub(super) fn take(&mut self, at: usize, buffer: &mut [u8]) -> Option<Parcel> {
        let Port { socket, stands_for: to, way } = &self.0[at];
        let (length, from) = socket.recv_from(buffer).ok()?;
        let (to, way) = (*to, *way);
        let back = if way == Way::ToServer { Way::ToClient } else { Way::ToServer };
        let port = self.standing_for(from, back, to).ok()?;
        Some(Parcel { way, port, to, bytes: buffer[..length].to_vec() })
    }

    /// A full buffer, or a peer that has gone: the network loses it.
    pub(super) fn send(&self, parcel: &Parcel) {
        let _ = self.0[parcel.port].socket.send_to(&parcel.bytes, parcel.to);
    }
}
