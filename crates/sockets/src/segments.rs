//! Several datagrams as one buffer, for which the kernel is gone through once (udp(7)).
//!
//! - **Out**, `UDP_SEGMENT` (Linux 4.18): the kernel cuts the buffer into datagrams of one size, or
//!   leaves that to the network card. [`Segments`] knows how long they may be.
//! - **In**, `UDP_GRO` (Linux 5.0): what was sent so comes as one buffer where nobody on the way had
//!   to cut it: [`Inlet`].

use std::io::IoSliceMut;
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::AsRawFd as _;

use nix::cmsg_space;
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt,
};
use syscall::{Errno, retry};

/// How long segments may be. One is never cut in two, as a datagram alone would be, so that depends
/// on the narrowest network on the way, and on the kernel; it is found out by sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    longest: usize,
}

impl Segments {
    /// The most that every kernel takes in one buffer (UDP_MAX_SEGMENTS).
    pub const MOST: usize = 64;
    /// The most bytes of such a buffer: on its way to the network it is one packet of IP.
    pub const BYTES: usize = 65_507;

    /// As long as a datagram may be, until something else is known.
    #[expect(clippy::new_without_default, reason = "it stands for a path that nothing is known of")]
    pub fn new() -> Self {
        Self { longest: usize::MAX }
    }

    /// Whether datagrams of this size may be segments.
    pub fn may_be(self, size: usize) -> bool {
        size <= self.longest
    }

    /// Whether a call may have failed because of segments: then the datagrams are worth being sent
    /// one by one. Whatever else is wrong comes back then.
    pub fn may_be_why(errno: Errno) -> bool {
        use Errno::{EINVAL, EIO, EMSGSIZE, ENOPROTOOPT, EOPNOTSUPP};
        matches!(errno, EINVAL | EMSGSIZE | EIO | ENOPROTOOPT | EOPNOTSUPP)
    }

    /// Segments of this size have failed, and one by one the same datagrams have gone. A network on
    /// the way takes no segments of this size (EINVAL, EMSGSIZE); or it takes none, because it
    /// computes no checksums for them (EIO), or the kernel does not know them.
    pub fn failed(&mut self, errno: Errno, size: usize) {
        let shorter = matches!(errno, Errno::EINVAL | Errno::EMSGSIZE);
        self.longest = self.longest.min(if shorter { size.saturating_sub(1) } else { 0 });
    }
}

/// Room for what one call brings.
#[derive(Debug)]
pub struct Inlet {
    bytes: Vec<u8>,
    control: Vec<u8>,
}

/// What a call has brought: datagrams of one peer, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncut {
    /// Bytes in all; they stand in [`Inlet::bytes`]. Zero is one datagram without any.
    pub length: usize,
    /// Each is so long; the last may be shorter.
    pub each: usize,
    /// Whose they are. `None` where the kernel does not say.
    pub from: Option<SocketAddr>,
}

impl Inlet {
    /// For so many bytes. What is longer is cut off, as recv(2) does it.
    pub fn new(bytes: usize) -> Self {
        Self { bytes: vec![0; bytes], control: cmsg_space!(i32) }
    }

    /// Asks for several datagrams at a time. An older kernel hands them out one by one, which is as
    /// right and slower.
    pub fn prepare(socket: &UdpSocket) {
        let _ = setsockopt(socket, sockopt::UdpGroSegment, &true);
    }

    /// What waits at a socket; never waits itself.
    ///
    /// # Errors
    /// EAGAIN: nothing is there. ENOMEM; at a connected socket, what ICMP has said (ECONNREFUSED,
    /// EHOSTUNREACH).
    pub fn take(&mut self, socket: &UdpSocket) -> nix::Result<Uncut> {
        self.receive(socket, MsgFlags::MSG_DONTWAIT)
    }

    /// Waits for something, as long as the socket does (`SO_RCVTIMEO`).
    ///
    /// # Errors
    /// As [`Inlet::take`].
    pub fn wait(&mut self, socket: &UdpSocket) -> nix::Result<Uncut> {
        self.receive(socket, MsgFlags::empty())
    }

    /// What the last call has brought, and behind it whatever calls before it have.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn receive(&mut self, socket: &UdpSocket, flags: MsgFlags) -> nix::Result<Uncut> {
        let fd = socket.as_raw_fd();
        retry(|| {
            let mut room = [IoSliceMut::new(&mut self.bytes)];
            let came = recvmsg::<SockaddrStorage>(fd, &mut room, Some(&mut self.control), flags)?;
            let sizes = came.cmsgs()?.filter_map(|message| match message {
                ControlMessageOwned::UdpGroSegments(size) => usize::try_from(size).ok(),
                _ => None,
            });
            let each = sizes.last().filter(|&size| size > 0).unwrap_or(came.bytes);
            Ok(Uncut { length: came.bytes, each, from: came.address.as_ref().and_then(to_std) })
        })
    }
}

/// A UDP peer's address, which is of one of the two families; `None` for anything else.
pub fn to_std(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address.as_sockaddr_in().map(|&v4| SocketAddrV4::from(v4).into());
    v4.or_else(|| address.as_sockaddr_in6().map(|&v6| SocketAddrV6::from(v6).into()))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn what_no_shorter_segment_can_mend_ends_them_for_good() {
        let mut segments = Segments::new();
        assert!(segments.may_be(1_400));
        segments.failed(Errno::EINVAL, 1_400);
        assert!(segments.may_be(1_399) && !segments.may_be(1_400));
        // What a wider path says changes nothing.
        segments.failed(Errno::EMSGSIZE, 9_000);
        assert!(segments.may_be(1_399) && !segments.may_be(1_400));
        for errno in [Errno::EIO, Errno::ENOPROTOOPT, Errno::EOPNOTSUPP] {
            let mut segments = Segments::new();
            assert!(Segments::may_be_why(errno));
            segments.failed(errno, 1_400);
            assert!(!segments.may_be(1));
        }
        // A firewall, and a buffer that is full: smaller datagrams would meet them as well.
        assert!(!Segments::may_be_why(Errno::EPERM) && !Segments::may_be_why(Errno::EAGAIN));
    }

    #[test]
    fn what_was_sent_as_one_comes_as_one() {
        let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        sender.connect(receiver.local_addr().unwrap()).unwrap();
        Inlet::prepare(&receiver);
        setsockopt(&sender, sockopt::UdpGsoSegment, &5).unwrap();
        let mut inlet = Inlet::new(100);
        let from = sender.local_addr().ok();
        for (sent, each) in [(&b"ann: bob: cy"[..], 5), (b"", 0), (b"dee", 3)] {
            sender.send(sent).unwrap();
            let came = inlet.take(&receiver);
            assert_eq!(came, Ok(Uncut { length: sent.len(), each, from }));
            assert_eq!(&inlet.bytes()[..sent.len()], sent);
        }
        assert_eq!(inlet.take(&receiver), Err(Errno::EAGAIN));
    }
}
