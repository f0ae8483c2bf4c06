//! Datagrams in, many by one system call (recvmmsg(2)).

use std::io::IoSliceMut;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;

use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg};
use sockets::segments::to_std;
use syscall::{Context as _, Errno, Result};

/// So many at a time: enough that a system call does not count, few enough that a signal or a line
/// of the administrator does not wait long behind them.
const BATCH: usize = 64;

/// Room for a batch.
#[derive(Debug)]
pub(super) struct Inbox {
    headers: MultiHeaders<SockaddrStorage>,
    bytes: Vec<u8>,
    /// Of one datagram.
    size: usize,
}

impl Inbox {
    /// For datagrams of at most `longest` bytes. There is room for one byte more, so that a longer
    /// one, which the kernel cuts, is seen to be longer.
    pub(super) fn new(longest: usize) -> Self {
        let size = longest + 1;
        let headers = MultiHeaders::preallocate(BATCH, None);
        Self { headers, bytes: vec![0; BATCH * size], size }
    }

    /// Takes what waits, as much as fits, and gives the number of datagrams: 0 when none waits.
    ///
    /// # Errors
    /// None that a peer or the network can cause.
    pub(super) fn receive(
        &mut self,
        socket: &UdpSocket,
        mut each: impl FnMut(&[u8], SocketAddr),
    ) -> Result<usize> {
        let rooms = self.bytes.chunks_exact_mut(self.size);
        let mut rooms: Vec<_> = rooms.map(|room| [IoSliceMut::new(room)]).collect();
        let (fd, flags) = (socket.as_raw_fd(), MsgFlags::MSG_DONTWAIT);
        let mut count = 0;
        match recvmmsg(fd, &mut self.headers, rooms.iter_mut(), flags, None) {
            Ok(messages) => {
                for message in messages {
                    count += 1;
                    // An empty datagram has no bytes to look at, and is one all the same.
                    let bytes = message.iovs().next().unwrap_or_default();
                    if let Some(from) = message.address.as_ref().and_then(to_std) {
                        each(bytes, from);
                    }
                }
                Ok(count)
            }
            // Our own mistakes come back at every call.
            Err(errno @ (Errno::EBADF | Errno::ENOTSOCK | Errno::EFAULT | Errno::EINVAL)) => {
                Err(errno).call("recvmmsg")
            }
            // EAGAIN and EINTR; ENOMEM, ENOBUFS, which pass. What ICMP says of a member who has gone
            // does not come here: a socket that is not connected is not told (udp(7)).
            Err(_) => Ok(0),
        }
    }
}
