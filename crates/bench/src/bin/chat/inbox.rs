//! Taking what waits on a socket, many datagrams by one system call (recvmmsg(2)).

use std::io::IoSliceMut;
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;

use cli::Outcome;
use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrIn, recvmmsg};
use syscall::Context as _;

/// How a receiver takes datagrams that the server has handed to the kernel as one (UDP_SEGMENT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// One by one, as the course's client does. On loopback there is no network card to cut them
    /// apart, so the kernel does that within the server's call, and the server pays for it.
    Cut,
    /// As one, with their size beside it (UDP_GRO of udp(7)).
    Whole,
}

#[derive(Debug)]
pub(crate) struct Inbox {
    bytes: Vec<u8>,
    /// Of one room.
    size: usize,
}

impl Inbox {
    pub(crate) fn new(take: Take) -> Self {
        // A notice, or as many as fit into one datagram.
        let (rooms, size) = if take == Take::Cut { (64, 256) } else { (16, 65_536) };
        Self { bytes: vec![0; rooms * size], size }
    }

    /// Hands out all messages that wait, and gives their number.
    pub(crate) fn take(
        &mut self,
        socket: &UdpSocket,
        mut each: impl FnMut(&[u8]),
    ) -> Outcome<usize> {
        let mut all = 0;
        loop {
            let rooms = self.bytes.chunks_exact_mut(self.size);
            let mut rooms: Vec<_> = rooms.map(|room| [IoSliceMut::new(room)]).collect();
            // Anew for each call: the kernel writes into it how much of its room was used.
            let control = Some(cmsg_space!(i32));
            let mut headers = MultiHeaders::<SockaddrIn>::preallocate(rooms.len(), control);
            let (fd, flags, full) = (socket.as_raw_fd(), MsgFlags::MSG_DONTWAIT, rooms.len());
            let mut datagrams = 0;
            match recvmmsg(fd, &mut headers, rooms.iter_mut(), flags, None) {
                Ok(received) => {
                    for message in received {
                        datagrams += 1;
                        let bytes = message.iovs().next().unwrap_or_default();
                        let size =
                            message.cmsgs().call("recvmmsg")?.find_map(|control| match control {
                                ControlMessageOwned::UdpGroSegments(size) => {
                                    usize::try_from(size).ok()
                                }
                                _ => None,
                            });
                        for piece in bytes.chunks(size.unwrap_or(self.size)) {
                            all += 1;
                            each(piece);
                        }
                    }
                }
                Err(Errno::EAGAIN) => {}
                Err(Errno::EINTR) => continue,
                Err(errno) => Err(errno).call("recvmmsg")?,
            }
            // A call that was not filled has emptied the socket.
            if datagrams < full {
                return Ok(all);
            }
        }
    }
}
