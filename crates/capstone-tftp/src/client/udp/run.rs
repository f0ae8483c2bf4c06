//! A transfer from the request to the end.

use std::io::{self, Read};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;
use sockets::segments::Inlet;
use sockets::udp::Bind;
use syscall::{Deadline, Errno};

use super::{Error, Job, Progress};
use crate::carrier::{Inbox, Outbox, Side, Target};
use crate::tftp::End;
use crate::tftp::packet::{Code, stranger};

/// The kernel gives what the administrator allows.
const BUFFER: usize = 4 << 20;

pub(super) fn run<R: Read, T: Target<Error = io::Error>>(
    job: Job<'_>,
    mut side: Side<R, T>,
) -> Result<u64, Error> {
    let Job { server, options, stop, progress, .. } = job;
    let socket = open(server)?;
    if options.ask.windowsize.is_some() {
        Inlet::prepare(&socket);
        // Less than was asked for is no reason to give up.
        let _ = SockRef::from(&socket).set_recv_buffer_size(BUFFER);
    }
    let mut link = Link { socket, server, peer: None };
    let (mut inbox, mut outbox) = (Inbox::new(), Outbox::new());
    loop {
        let has_room = side.speak(&mut outbox, &link.socket, link.to(), Instant::now());
        let whole = side.agreed().tsize;
        progress(Progress { bytes: side.bytes(), whole });
        // Who gets a file could wait for a server that missed the last ACK. This one does not: its
        // caller has the file, and the server gives up by itself.
        if side.end().is_some() && has_room {
            return result(side);
        }
        let deadline = side.deadline().map_or(Deadline::Never, Deadline::At);
        if wait(&link.socket, stop, has_room, deadline)? {
            side.fail(Code::NotDefined, "the client has been stopped");
            side.speak(&mut outbox, &link.socket, link.to(), Instant::now());
            return Err(Error::Stopped);
        }
        let now = Instant::now();
        link.hear(&mut inbox, &mut side, now);
        side.expire(now);
    }
}

/// A socket, and whom it talks to.
struct Link {
    socket: UdpSocket,
    server: SocketAddr,
    /// The server's end of the transfer (its TID), once it has answered.
    peer: Option<SocketAddr>,
}

impl Link {
    fn to(&self) -> SocketAddr {
        self.peer.unwrap_or(self.server)
    }

    /// All that has come.
    fn hear<R: Read, T: Target>(&mut self, inbox: &mut Inbox, side: &mut Side<R, T>, now: Instant) {
        while let Some(came) = inbox.take(&self.socket) {
            for datagram in came.datagrams() {
                match self.peer {
                    Some(peer) if came.from == peer => side.hear(datagram, now),
                    // Not the server's machine: it was not asked, and is told nothing.
                    None if came.from.ip() != self.server.ip() => {}
                    None => {
                        side.hear(datagram, now);
                        self.peer = side.opened().then_some(came.from);
                    }
                    Some(_) => {
                        if let Some(answer) = stranger(datagram) {
                            // He hears it, or he asks again.
                            let _ = self.socket.send_to(&answer, came.from);
                        }
                    }
                }
            }
            // A window's end is answered before more is looked at.
            if side.must_speak() {
                return;
            }
        }
    }
}

/// Any free port, not connected: the answer comes from another port than the one that is asked.
fn open(server: SocketAddr) -> Result<UdpSocket, Error> {
    let any = if server.is_ipv4() {
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))
    } else {
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))
    };
    Ok(Bind::new().nonblocking(true).on(any)?)
}

/// Waits for a packet, for room, or for the deadline. True when somebody wants to stop.
fn wait(
    socket: &UdpSocket,
    stop: Option<BorrowedFd<'_>>,
    has_room: bool,
    deadline: Deadline,
) -> Result<bool, Error> {
    let room = if has_room { PollFlags::empty() } else { PollFlags::POLLOUT };
    let mut fds = vec![PollFd::new(socket.as_fd(), PollFlags::POLLIN | room)];
    fds.extend(stop.map(|stop| PollFd::new(stop, PollFlags::POLLIN)));
    let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
    match poll(&mut fds, timeout) {
        // The next turn finds out what there is to do.
        Ok(_) | Err(Errno::EINTR) => {}
        Err(errno) => return Err(syscall::Error::new("poll", errno).into()),
    }
    Ok(fds.get(1).and_then(PollFd::any).unwrap_or(false))
}

/// The file's length, or why there is none.
fn result<R: Read, T: Target<Error = io::Error>>(side: Side<R, T>) -> Result<u64, Error> {
    let end = side.end().cloned().unwrap_or(End::GivenUp);
    match (end, side.bytes(), side.failure()) {
        (End::Done, bytes, _) => Ok(bytes),
        (End::Failed { .. }, _, Some(local)) => Err(Error::Local(local)),
        (end, ..) => Err(Error::Ended(end)),
    }
}
