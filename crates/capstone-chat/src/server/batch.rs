//! What goes by one sendmmsg(2), as the call wants it.

use std::io::IoSlice;
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;

use nix::cmsg_space;
use nix::sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, sendmmsg};

use crate::room::Delivery;

/// So many deliveries in one call (UIO_MAXIOV, the most that Linux takes, is 1,024).
pub(super) const BATCH: usize = 256;

/// The message headers of two kinds of call, made once.
#[derive(Debug)]
pub(super) struct Headers {
    plain: MultiHeaders<SockaddrStorage>,
    segmented: MultiHeaders<SockaddrStorage>,
}

impl Headers {
    pub(super) fn new() -> Self {
        let plain = MultiHeaders::preallocate(BATCH, None);
        let segmented = MultiHeaders::preallocate(BATCH, Some(cmsg_space!(u16)));
        Self { plain, segmented }
    }
}

/// Deliveries that can go by one call.
#[derive(Debug, Default)]
pub(super) struct Batch<'a> {
    waiting: Vec<Delivery<'a>>,
    slices: Vec<[IoSlice<'a>; 1]>,
    to: Vec<Option<SockaddrStorage>>,
    /// Some of them are several messages, for the kernel to cut.
    segmented: bool,
    /// Their sizes differ.
    mixed: bool,
}

impl<'a> Batch<'a> {
    /// One call has one size of segments for all. Where nothing is to be cut, sizes do not matter.
    pub(super) fn has_room_for(&self, delivery: &Delivery<'a>) -> bool {
        let Some(first) = self.waiting.first() else { return true };
        let whole = !self.segmented && delivery.messages().len() == 1;
        self.waiting.len() < BATCH && (whole || !self.mixed && first.size == delivery.size)
    }

    pub(super) fn push(&mut self, delivery: Delivery<'a>) {
        self.mixed |= self.waiting.first().is_some_and(|first| first.size != delivery.size);
        self.segmented |= delivery.messages().len() > 1;
        self.slices.push([IoSlice::new(delivery.bytes)]);
        self.to.push(Some(delivery.to.into()));
        self.waiting.push(delivery);
    }

    /// From the `next` one on.
    pub(super) fn rest(&self, next: usize) -> &[Delivery<'a>] {
        &self.waiting[next..]
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.slices.clear();
        self.to.clear();
        (self.segmented, self.mixed) = (false, false);
    }

    /// One call, from the `next` delivery on. Gives how many the kernel has taken; it stops in front
    /// of one that fails, and says why when that one is the first.
    pub(super) fn send(
        &self,
        next: usize,
        socket: &UdpSocket,
        headers: &mut Headers,
    ) -> nix::Result<usize> {
        let size = self.waiting.first().map_or(0, |delivery| delivery.size);
        let size = u16::try_from(size).unwrap_or(u16::MAX);
        let segments = [ControlMessage::UdpGsoSegments(&size)];
        let (headers, control) = if self.segmented {
            (&mut headers.segmented, &segments[..])
        } else {
            (&mut headers.plain, &[][..])
        };
        let (fd, flags) = (socket.as_raw_fd(), MsgFlags::MSG_DONTWAIT);
        let (slices, to) = (&self.slices[next..], &self.to[next..]);
        sendmmsg(fd, headers, slices, to, control, flags).map(Iterator::count)
    }
}
