//! What becomes of a request: a transfer, or an ERROR.

use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use multiplex::Interest;
use socket2::SockRef;
use sockets::segments::Inlet;

use crate::carrier::{Side, Sink, Source};
use crate::store::{Refusal, Store};
use crate::tftp::options::{Limits, for_reading, for_writing};
use crate::tftp::packet::{Code, Direction, HEADER, Mode, Packet, Request, parse};
use crate::tftp::{Receiver, Sender};

use super::Options;
use super::transfer::{Transfer, awake};
use super::upload::{Kept, code};

/// A request that can be thought of.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub(super) direction: Direction,
    pub(super) request: Request<'a>,
}

impl<'a> Wish<'a> {
    /// Of a datagram at the server's own port.
    ///
    /// # Errors
    /// What to answer; `None` for nothing, as for an ERROR.
    pub(super) fn of(datagram: &'a [u8]) -> Result<Self, Option<String>> {
        let (direction, request) = match parse(datagram) {
            Ok(Packet::Read(request)) => (Direction::Read, request),
            Ok(Packet::Write(request)) => (Direction::Write, request),
            Ok(Packet::Error { .. }) => return Err(None),
            Ok(_) => return Err(Some("only requests come here".into())),
            // What may have been an ERROR is not answered either.
            Err(_) if datagram.len() < 2 || datagram.starts_with(&[0, 5]) => return Err(None),
            Err(malformed) => return Err(Some(malformed.to_string())),
        };
        Ok(Self { direction, request })
    }

    /// Begins the transfer, which may use so much memory.
    ///
    /// # Errors
    /// Why the store says no.
    pub(super) fn begin(
        &self,
        store: &Store,
        options: &Options,
        memory: usize,
        (socket, peer, datagram): (UdpSocket, SocketAddr, &[u8]),
        now: Instant,
    ) -> Result<Transfer, (UdpSocket, Code, Refusal)> {
        let Request { name, mode, options: asked } = self.request;
        let limits = Limits { memory: memory.min(options.limits.memory), ..options.limits };
        let side = match self.direction {
            Direction::Read => store.read(name).map(|reading| {
                // How long a text is on the wire is known at its end only.
                let size = (mode == Mode::Octet).then_some(reading.size);
                let sender = Sender::answer(for_reading(asked, &limits, size), options.timing);
                Side::sends(sender, Source::new(reading.file, mode))
            }),
            Direction::Write => {
                // A window must fit into the socket's buffer, or its end would be lost each time.
                let memory = limits.memory.min(room_for_window(&socket));
                let accepted = for_writing(asked, &Limits { memory, ..limits });
                if accepted.agreed.windowsize > 1 {
                    Inlet::prepare(&socket);
                }
                let announced = accepted.agreed.tsize.filter(|_| mode == Mode::Octet);
                store.write(name, announced).map(|upload| {
                    let receiver = Receiver::answer(accepted, options.timing);
                    Side::receives(receiver, Sink::new(Kept(Some(upload)), mode))
                })
            }
        };
        let side = match side {
            Ok(side) => side,
            Err(refusal) => return Err((socket, code(refusal), refusal)),
        };
        let agreed = side.agreed();
        let window = (usize::from(agreed.blksize) + HEADER) * usize::from(agreed.windowsize);
        // Who sends has the next window here as well.
        let windows = if self.direction == Direction::Read { 2 } else { 1 };
        let awake = awake(agreed);
        Ok(Transfer {
            side,
            socket,
            peer,
            request: datagram.into(),
            direction: self.direction,
            name: name.into(),
            began: now,
            awake,
            heard: false,
            memory: windows * window,
            alarm: None,
            waits_for_room: false,
            watched: Interest::READABLE,
            told: false,
        })
    }
}

/// Bytes of a window that a socket can certainly keep. It is asked for a large buffer and gets what
/// the administrator allows (net.core.rmem_max); what it says is twice that, because the kernel's
/// own bookkeeping for a packet counts as well.
fn room_for_window(socket: &UdpSocket) -> usize {
    let socket = SockRef::from(socket);
    let _ = socket.set_recv_buffer_size(4 << 20);
    socket.recv_buffer_size().unwrap_or(0) / 2
}
