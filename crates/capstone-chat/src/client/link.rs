//! The socket. It is connected: the kernel drops what comes from anybody else, and hands over what
//! ICMP says about the server's port, as ECONNREFUSED from one of the next calls (udp(7)).

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use sockets::segments::Inlet;
use sockets::{not_now, udp};
use syscall::retry;

use super::inbox::Inbox;

/// One server, which may have several addresses.
#[derive(Debug)]
pub(super) struct Link {
    socket: UdpSocket,
    server: SocketAddr,
    /// Its other addresses, not tried yet, the next one last.
    others: Vec<SocketAddr>,
    /// What goes out when there is room in the socket's buffer.
    owed: VecDeque<Vec<u8>>,
    /// What went out last: where nobody was it is sent again, elsewhere.
    last: Vec<u8>,
    inbox: Inbox,
}

/// What a call on the socket brought.
#[derive(Debug)]
pub(super) enum Came<'a> {
    /// A datagram of the server.
    Datagram(&'a [u8]),
    /// The news that there is no server.
    Unreachable,
    /// Nothing more for now.
    Nothing,
}

impl Link {
    /// To the first address that there is a way to.
    ///
    /// # Errors
    /// There is a way to none of them: ENETUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT.
    pub(super) fn open(servers: &[SocketAddr]) -> io::Result<Self> {
        let mut others: Vec<SocketAddr> = servers.iter().rev().copied().collect();
        loop {
            let server = others.pop().ok_or(io::ErrorKind::AddrNotAvailable)?;
            match connected(server) {
                Err(_) if !others.is_empty() => {}
                socket => {
                    let (socket, inbox) = (socket?, Inbox::new());
                    let (owed, last) = (VecDeque::new(), Vec::new());
                    return Ok(Self { socket, server, others, owed, last, inbox });
                }
            }
        }
    }

    /// The server's address.
    pub(super) fn server(&self) -> SocketAddr {
        self.server
    }

    /// Nobody was there: takes the server's next address, and says there what was said here. False
    /// when there is none.
    pub(super) fn elsewhere(&mut self) -> bool {
        while let Some(server) = self.others.pop() {
            if let Ok(socket) = connected(server) {
                (self.socket, self.server, self.inbox) = (socket, server, Inbox::new());
                self.owed.push_front(self.last.clone());
                return true;
            }
        }
        false
    }

    /// Whether something waits for room in the buffer.
    pub(super) fn owes(&self) -> bool {
        !self.owed.is_empty()
    }

    /// A datagram, in its turn; [`Link::flush`] sends it.
    pub(super) fn push(&mut self, datagram: Vec<u8>) {
        self.owed.push_back(datagram);
    }

    /// Sends what there is room for.
    ///
    /// # Errors
    /// Nothing that time or the network cures.
    pub(super) fn flush(&mut self) -> io::Result<Came<'static>> {
        let mut unreachable = false;
        while let Some(datagram) = self.owed.front() {
            match retry(|| self.socket.send(datagram)) {
                Ok(_) => self.last = self.owed.pop_front().unwrap_or_default(),
                // The news is about an earlier one; this one was not sent yet.
                Err(error) if is_unreachable(&error) && !unreachable => unreachable = true,
                // Even the first try of this one says so: the way is blocked (a firewall, a cable).
                Err(error) if is_unreachable(&error) => {
                    self.last = self.owed.pop_front().unwrap_or_default();
                }
                Err(error) if not_now(&error) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(if unreachable { Came::Unreachable } else { Came::Nothing })
    }

    /// Takes a datagram, if there is one.
    ///
    /// # Errors
    /// Nothing that the network can cause.
    pub(super) fn receive(&mut self) -> io::Result<Came<'_>> {
        match self.inbox.next(&self.socket) {
            Ok(datagram) => Ok(Came::Datagram(datagram)),
            Err(error) if not_now(&error) => Ok(Came::Nothing),
            Err(error) if is_unreachable(&error) => Ok(Came::Unreachable),
            Err(error) => Err(error),
        }
    }
}

impl AsFd for Link {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn connected(server: SocketAddr) -> io::Result<UdpSocket> {
    let socket = udp::Bind::new().nonblocking(true).connected_to(server)?;
    Inlet::prepare(&socket);
    Ok(socket)
}

/// What ICMP and the routing table say when a datagram cannot be delivered.
fn is_unreachable(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw);
    let all = [Errno::ECONNREFUSED, Errno::EHOSTUNREACH, Errno::ENETUNREACH, Errno::EPERM];
    errno.is_some_and(|errno| all.contains(&errno))
}

#[cfg(test)]
mod tests {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    use super::*;

    /// A name with two addresses, and a server at the second.
    #[test]
    fn where_nobody_is_the_next_address_is_tried() {
        let [gone, there] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
        let servers = [&gone, &there].map(|socket| socket.local_addr().unwrap());
        drop(gone);
        let mut link = Link::open(&servers).unwrap();
        assert_eq!(link.server(), servers[0]);
        link.push(b"L ann".to_vec());
        assert!(matches!(link.flush().unwrap(), Came::Nothing));
        let mut fds = [PollFd::new(link.as_fd(), PollFlags::POLLIN)];
        assert_eq!(poll(&mut fds, PollTimeout::NONE), Ok(1));
        assert!(matches!(link.receive().unwrap(), Came::Unreachable));
        assert!(link.elsewhere() && link.owes());
        assert_eq!(link.server(), servers[1]);
        link.flush().unwrap();
        let mut bytes = [0; 16];
        assert_eq!(there.recv(&mut bytes).map(|n| &bytes[..n]).unwrap(), b"L ann");
        assert!(!link.elsewhere(), "there are no more");
    }
}
