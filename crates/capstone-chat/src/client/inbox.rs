//! What has come and was not looked at yet. The server says several things to one member as one
//! buffer, which the network cuts, and here it comes uncut wherever it was not cut on the way.

use std::io;
use std::net::UdpSocket;
use std::ops::Range;

use sockets::segments::Inlet;

use crate::wire::LONGEST_DATAGRAM;

/// Datagrams of one call, one behind the other.
#[derive(Debug)]
pub(super) struct Inbox {
    inlet: Inlet,
    /// What of them was not handed out yet.
    rest: Range<usize>,
    /// Each is so long; the last may be shorter.
    size: usize,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self { inlet: Inlet::new(LONGEST_DATAGRAM), rest: 0..0, size: 0 }
    }

    /// The next datagram. An empty one is a datagram too.
    ///
    /// # Errors
    /// EAGAIN when none is there; what ICMP has said.
    pub(super) fn next(&mut self, socket: &UdpSocket) -> io::Result<&[u8]> {
        if self.rest.is_empty() {
            let came = self.inlet.take(socket)?;
            (self.rest, self.size) = (0..came.length, came.each);
        }
        let start = self.rest.start;
        let end = self.rest.end.min(start + self.size);
        self.rest.start = end;
        Ok(&self.inlet.bytes()[start..end])
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use nix::sys::socket::{setsockopt, sockopt};

    use super::*;

    #[test]
    fn what_was_sent_as_one_is_many_again() {
        let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        sender.connect(receiver.local_addr().unwrap()).unwrap();
        Inlet::prepare(&receiver);
        setsockopt(&sender, sockopt::UdpGsoSegment, &5).unwrap();
        sender.send(b"ann: bob: cy").unwrap();
        sender.send(b"").unwrap();
        sender.send(b"dee").unwrap();
        let mut inbox = Inbox::new();
        for expected in ["ann: ", "bob: ", "cy", "", "dee"] {
            assert_eq!(inbox.next(&receiver).unwrap(), expected.as_bytes());
        }
        let nothing = inbox.next(&receiver).unwrap_err();
        assert_eq!(nothing.kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn they_come_by_one_call() {
        let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        sender.connect(receiver.local_addr().unwrap()).unwrap();
        Inlet::prepare(&receiver);
        setsockopt(&sender, sockopt::UdpGsoSegment, &2).unwrap();
        sender.send(&[7; 64]).unwrap();
        let mut inbox = Inbox::new();
        assert_eq!(inbox.next(&receiver).unwrap(), [7; 2]);
        assert_eq!((inbox.rest.clone(), inbox.size), (2..64, 2));
    }
}
