//! UDP: one datagram at a time (udp(7)).

use std::net::{SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};
use syscall::{Context as _, Result};

/// How to open a UDP socket.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Bind {
    reuse_port: bool,
    broadcast: bool,
    only_v6: Option<bool>,
    nonblocking: bool,
}

impl Bind {
    /// No options. SO_REUSEADDR is missing on purpose: on Linux it lets a second server bind the
    /// same port and take all datagrams from the first, silently.
    pub fn new() -> Self {
        Self::default()
    }

    /// SO_REUSEPORT: many sockets of one user share the port, dealt out by the sender's address.
    pub fn reuse_port(mut self, on: bool) -> Self {
        self.reuse_port = on;
        self
    }

    /// SO_BROADCAST: without it a datagram to a broadcast address fails with EACCES.
    pub fn broadcast(mut self, on: bool) -> Self {
        self.broadcast = on;
        self
    }

    /// IPV6_V6ONLY: whether `[::]` leaves IPv4 alone.
    pub fn only_v6(mut self, on: bool) -> Self {
        self.only_v6 = Some(on);
        self
    }

    /// O_NONBLOCK.
    pub fn nonblocking(mut self, on: bool) -> Self {
        self.nonblocking = on;
        self
    }

    /// socket, setsockopt, bind. Port 0 lets the kernel choose: ask `local_addr()`.
    ///
    /// # Errors
    /// EADDRINUSE, EACCES, EADDRNOTAVAIL, EMFILE, EAFNOSUPPORT.
    pub fn on(&self, address: SocketAddr) -> Result<UdpSocket> {
        let domain = Domain::for_address(address);
        let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP)).call("socket")?;
        if self.reuse_port {
            socket.set_reuse_port(true).call("setsockopt")?;
        }
        socket.set_broadcast(self.broadcast).call("setsockopt")?;
        if let (Some(only), SocketAddr::V6(_)) = (self.only_v6, address) {
            socket.set_only_v6(only).call("setsockopt")?;
        }
        socket.set_nonblocking(self.nonblocking).call("fcntl")?;
        socket.bind(&address.into()).call_on("bind", address)?;
        Ok(socket.into())
    }

    /// A client's socket for this peer: any free port of the right family, connected, so that
    /// strangers' datagrams are dropped and ICMP's "port unreachable" arrives as ECONNREFUSED.
    ///
    /// # Errors
    /// As [`Bind::on`], and ENETUNREACH.
    pub fn connected_to(&self, peer: SocketAddr) -> Result<UdpSocket> {
        let any = match peer {
            SocketAddr::V4(_) => SocketAddr::from(([0, 0, 0, 0], 0)),
            SocketAddr::V6(_) => SocketAddr::from(([0_u16; 8], 0)),
        };
        let socket = self.on(any)?;
        socket.connect(peer).call_on("connect", peer)?;
        Ok(socket)
    }
}
