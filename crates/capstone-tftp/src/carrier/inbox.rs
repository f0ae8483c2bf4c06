//! Datagrams in, those that were sent as one by one call.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use sockets::segments::{Inlet, Uncut};

/// More than any datagram has.
const LONGEST: usize = 65_536;

/// Room for what one call brings. One serves all sockets of a thread: it is empty between two turns.
#[derive(Debug)]
pub(crate) struct Inbox(Inlet);

/// What has come by one call, from one peer.
#[derive(Debug)]
pub(crate) struct Came<'a> {
    pub(crate) from: SocketAddr,
    bytes: &'a [u8],
    /// Each datagram is so long, the last may be shorter.
    each: usize,
}

impl<'a> Came<'a> {
    /// One by one. An empty one is a datagram too.
    pub(crate) fn datagrams(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let empty = self.bytes.is_empty().then_some(self.bytes);
        self.bytes.chunks(self.each.max(1)).chain(empty)
    }
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self(Inlet::new(LONGEST))
    }

    /// What waits at a socket; never waits itself. Errors are no news for a socket that is not
    /// connected (ENOMEM, ENETDOWN): the next packet, or the time, will tell.
    pub(crate) fn take(&mut self, socket: &UdpSocket) -> Option<Came<'_>> {
        let came = self.0.take(socket).ok()?;
        self.hand_out(came)
    }

    /// What comes within the socket's own limit of time (`SO_RCVTIMEO`), where that is all that is
    /// waited for: one system call for what epoll needs two. To fall asleep and be woken takes longer
    /// than a peer nearby needs for an answer, so it is looked for without sleeping first, for so long
    /// as `awake` says; where that was in vain, `awake` is over.
    pub(crate) fn wait(&mut self, socket: &UdpSocket, awake: &mut Duration) -> Option<Came<'_>> {
        let start = Instant::now();
        while start.elapsed() < *awake {
            if let Ok(came) = self.0.take(socket) {
                return self.hand_out(came);
            }
        }
        *awake = Duration::ZERO;
        let came = self.0.wait(socket).ok()?;
        self.hand_out(came)
    }

    fn hand_out(&self, came: Uncut) -> Option<Came<'_>> {
        let bytes = &self.0.bytes()[..came.length];
        Some(Came { from: came.from?, bytes, each: came.each })
    }
}
