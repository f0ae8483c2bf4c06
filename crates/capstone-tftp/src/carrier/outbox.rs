//! Datagrams out: a window by as few calls as the kernel allows.
//!
//! Packets that lie one behind the other go as one buffer, which the kernel cuts (`UDP_SEGMENT`).
//! Where they are longer than the network takes, or the kernel cannot do it, sendmmsg(2) sends them
//! one by one, with one call.

use std::io::{IoSlice, Result};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;

use nix::sys::socket::{
    ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, sendmmsg, sendmsg,
};
use socket2::SockRef;
use sockets::segments::Segments;
use syscall::{Errno, IntoErrno, retry};

use crate::tftp::Batch;

/// The way out; one for all sockets of a thread.
#[derive(Debug)]
pub(crate) struct Outbox {
    segments: Segments,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self { segments: Segments::new() }
    }

    /// Sends the first packets, as many as one call takes, and gives their number: zero when the
    /// socket has no room now. What the network refuses (ENETUNREACH, ENOBUFS, EPERM) counts as sent
    /// and is lost, as anything may be on the way.
    pub(crate) fn send(&mut self, socket: &UdpSocket, batch: Batch<'_>, to: SocketAddr) -> usize {
        let batch = batch.first(Segments::MOST);
        let packets = batch.packets().len();
        let fitting = batch.first((Segments::BYTES / batch.each).max(1));
        let sent = if packets == 1 {
            send_one(socket, batch.bytes, to).map(|()| 1)
        } else if self.segments.may_be(batch.each) && fitting.packets().len() > 1 {
            match send_segments(socket, fitting, to) {
                Err(errno) if Segments::may_be_why(errno) => {
                    let sent = send_singly(socket, batch, to);
                    // Whatever else is wrong, such as a peer's port 0, is wrong in this way, too.
                    if sent.as_ref().is_ok_and(|&sent| sent > 0) {
                        self.segments.failed(errno, batch.each);
                    }
                    sent
                }
                sent => sent.map_err(Into::into),
            }
        } else {
            send_singly(socket, batch, to)
        };
        match sent.map_err(IntoErrno::into_errno) {
            Ok(sent) => sent,
            Err(Errno::EAGAIN | Errno::EINTR) => 0,
            Err(_) => 1,
        }
    }
}

/// One datagram, if there is room for it now, be the socket one that waits or not.
///
/// # Errors
/// EAGAIN; what the network refuses.
pub(crate) fn send_one(socket: &UdpSocket, datagram: &[u8], to: SocketAddr) -> Result<()> {
    let flags = MsgFlags::MSG_DONTWAIT.bits();
    SockRef::from(socket).send_to_with_flags(datagram, &to.into(), flags).map(drop)
}

fn send_singly(socket: &UdpSocket, batch: Batch<'_>, to: SocketAddr) -> Result<usize> {
    let slices: Vec<_> = batch.packets().map(|packet| [IoSlice::new(packet)]).collect();
    let addresses = vec![Some(SockaddrStorage::from(to)); slices.len()];
    let mut headers = MultiHeaders::preallocate(slices.len(), None);
    let flags = MsgFlags::MSG_DONTWAIT;
    match sendmmsg(socket.as_raw_fd(), &mut headers, &slices, &addresses, [], flags) {
        // Some sandboxes (seccomp(2)) do not know the call.
        Err(Errno::ENOSYS) => send_one(socket, batch.first(1).bytes, to).map(|()| 1),
        sent => Ok(sent?.count()),
    }
}

fn send_segments(socket: &UdpSocket, batch: Batch<'_>, to: SocketAddr) -> nix::Result<usize> {
    let each = u16::try_from(batch.each).map_err(|_| Errno::EMSGSIZE)?;
    let (to, segments) = (SockaddrStorage::from(to), [ControlMessage::UdpGsoSegments(&each)]);
    let (fd, flags) = (socket.as_raw_fd(), MsgFlags::MSG_DONTWAIT);
    let bytes = [IoSlice::new(batch.bytes)];
    retry(|| sendmsg(fd, &bytes, &segments, flags, Some(&to)))?;
    Ok(batch.packets().len())
}
