//! Where requests come in. A machine has several addresses, and the answer must come from the one
//! that was asked: a socket that hears at all of them is told which it was (`IP_PKTINFO` of ip(7),
//! `IPV6_RECVPKTINFO` of ipv6(7)).

use std::io::IoSliceMut;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6, UdpSocket};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::time::Duration;

use nix::cmsg_space;
use nix::libc::{in_pktinfo, in6_pktinfo};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt,
};
use sockets::segments::to_std;
use sockets::udp::Bind;
use syscall::{Context as _, Result, retry};

/// A request's datagram, for one call more than it may have.
const ROOM: usize = 2048;

#[derive(Debug)]
pub(super) struct Listener {
    socket: UdpSocket,
    address: SocketAddr,
    bytes: Vec<u8>,
    control: Vec<u8>,
}

/// A datagram at the server's own port.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) from: SocketAddr,
    /// Our address that was asked, with port 0.
    pub(super) at: SocketAddr,
}

impl Listener {
    pub(super) fn new(socket: UdpSocket) -> Result<Self> {
        socket.set_nonblocking(true).call("fcntl")?;
        let address = socket.local_addr().call("getsockname")?;
        if address.ip().is_unspecified() {
            match address {
                SocketAddr::V4(_) => setsockopt(&socket, sockopt::Ipv4PacketInfo, &true),
                SocketAddr::V6(_) => setsockopt(&socket, sockopt::Ipv6RecvPacketInfo, &true),
            }
            .call("setsockopt")?;
        }
        let control = cmsg_space!(in_pktinfo, in6_pktinfo);
        Ok(Self { socket, address, bytes: vec![0; ROOM], control })
    }

    /// What waits; never waits itself. What the network has to say about others is no news.
    pub(super) fn take(&mut self) -> Option<Asked<'_>> {
        let (fd, flags) = (self.socket.as_raw_fd(), MsgFlags::MSG_DONTWAIT);
        let mut at = self.address;
        at.set_port(0);
        let receive = || {
            let mut room = [IoSliceMut::new(&mut self.bytes)];
            let came = recvmsg::<SockaddrStorage>(fd, &mut room, Some(&mut self.control), flags)?;
            for message in came.cmsgs()? {
                match message {
                    ControlMessageOwned::Ipv4PacketInfo(info) => at.set_ip(asked_v4(&info).into()),
                    ControlMessageOwned::Ipv6PacketInfo(info) => {
                        let ip = Ipv6Addr::from(info.ipi6_addr.s6_addr);
                        at = SocketAddrV6::new(ip, 0, 0, info.ipi6_ifindex).into();
                    }
                    _ => {}
                }
            }
            Ok((came.bytes, came.address))
        };
        let (length, from) = retry::<_, nix::Error>(receive).ok()?;
        let from = from.as_ref().and_then(to_std)?;
        Some(Asked { bytes: &self.bytes[..length], from, at })
    }

    /// Says something from the server's own port, where there is no better one.
    pub(super) fn say(&self, words: &[u8], to: SocketAddr) {
        // The peer asks again when it hears nothing.
        let _ = self.socket.send_to(words, to);
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// How long a socket is waited at by itself, when nobody else has a transfer. Who asks for one in the
/// meantime waits as long.
const ALONE: Duration = Duration::from_millis(1);

/// A transfer's own socket, whose port is its TID: at the address that was asked, which for a
/// multicast address is whichever the kernel chooses.
pub(super) fn tid(at: SocketAddr) -> Result<UdpSocket> {
    let at = match at.ip() {
        IpAddr::V6(ip) if ip.is_multicast() => SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), 0),
        _ => at,
    };
    let socket = Bind::new().on(at)?;
    socket.set_read_timeout(Some(ALONE)).call("setsockopt")?;
    Ok(socket)
}

/// The address to answer from. For a broadcast that is not the one in its header; but for what came
/// before the option was set, between bind and here, there is only the header.
fn asked_v4(info: &in_pktinfo) -> Ipv4Addr {
    let of = |address: nix::libc::in_addr| Ipv4Addr::from_bits(u32::from_be(address.s_addr));
    let ours = of(info.ipi_spec_dst);
    if ours.is_unspecified() { of(info.ipi_addr) } else { ours }
}
