//! Datagrams out: one message to a thousand members, in as few system calls as Linux allows.
//!
//! - sendmmsg(2) takes many datagrams, each with an address of its own;
//! - `UDP_SEGMENT` (udp(7), Linux 4.18) takes several messages for one member as one buffer, and the
//!   way through the kernel is paid for once. Where the kernel or a network cannot do that, the
//!   messages go one by one.
//!
//! It never waits for a member. The socket's send buffer is full when the network takes nothing more
//! at this moment: that is waited for, but for so short a time that nobody notices; then messages
//! are lost, as UDP may lose them, and counted.

use std::net::UdpSocket;

use sockets::segments::Segments;
use syscall::Errno;

use super::batch::{Batch, Headers};
use super::lost::Lost;
use super::patience::Patience;
use crate::room::{Delivery, Room};

/// The way out.
#[derive(Debug)]
pub(super) struct FanOut {
    headers: Headers,
    /// Messages that the kernel has taken.
    pub(super) sent: u64,
    /// Messages that it has not.
    pub(super) lost: Lost,
    segments: Segments,
}

impl FanOut {
    pub(super) fn new() -> Self {
        let (headers, lost) = (Headers::new(), Lost::default());
        Self { headers, sent: 0, lost, segments: Segments::new() }
    }

    /// Sends all that waits in the room.
    pub(super) fn send(&mut self, room: &Room, socket: &UdpSocket) {
        let mut patience = Patience::new();
        let mut batch = Batch::default();
        room.deliver(|delivery| {
            if self.segments.may_be(delivery.size) {
                self.add(delivery, &mut batch, socket, &mut patience);
            } else {
                for one in singles(delivery) {
                    self.add(one, &mut batch, socket, &mut patience);
                }
            }
        });
        self.flush(&mut batch, socket, &mut patience);
    }

    fn add<'a>(
        &mut self,
        delivery: Delivery<'a>,
        batch: &mut Batch<'a>,
        socket: &UdpSocket,
        patience: &mut Patience,
    ) {
        if !batch.has_room_for(&delivery) {
            self.flush(batch, socket, patience);
        }
        batch.push(delivery);
    }

    fn flush(&mut self, batch: &mut Batch<'_>, socket: &UdpSocket, patience: &mut Patience) {
        let mut next = 0;
        while let [first, ..] = *batch.rest(next) {
            let messages = first.messages().len() as u64;
            match batch.send(next, socket, &mut self.headers) {
                Ok(taken) => {
                    let taken = &batch.rest(next)[..taken];
                    next += taken.len();
                    patience.recover();
                    self.sent += taken.iter().map(|one| one.messages().len() as u64).sum::<u64>();
                }
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) if patience.finds_room(socket) => {}
                Err(errno) if messages > 1 && Segments::may_be_why(errno) => {
                    let before = self.sent;
                    let mut alone = Batch::default();
                    for one in singles(first) {
                        self.add(one, &mut alone, socket, patience);
                    }
                    self.flush(&mut alone, socket, patience);
                    if self.sent > before {
                        self.segments.failed(errno, first.size);
                    }
                    next += 1;
                }
                // EMSGSIZE, EPERM (a firewall), ENETUNREACH, EAGAIN at the end of the patience …
                // This one is lost, whatever of; the others are not.
                Err(errno) => {
                    self.lost.count(errno, messages);
                    next += 1;
                }
            }
        }
        batch.clear();
    }
}

/// Each message as a delivery of its own.
fn singles(delivery: Delivery<'_>) -> impl Iterator<Item = Delivery<'_>> {
    delivery.messages().map(move |bytes| Delivery { bytes, size: bytes.len(), ..delivery })
}
