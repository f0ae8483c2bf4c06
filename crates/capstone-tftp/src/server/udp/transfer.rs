//! One transfer of the server.

use std::fs::File;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use multiplex::Interest;

use crate::carrier::{Came, Inbox, Outbox, Side, send_one};
use crate::tftp::End;
use crate::tftp::options::Agreed;
use crate::tftp::packet::{Direction, stranger};

use super::upload::Kept;
use super::{Report, Wanted};

/// So many datagrams of one transfer, then the others have their turn.
const TURN: usize = 64;

/// What it may take a peer on this machine to answer, and is less than two wake-ups. With a window there
/// are fewer of these, and more to do for the peer.
pub(super) fn awake(agreed: &Agreed) -> Duration {
    if agreed.windowsize == 1 { Duration::from_micros(50) } else { Duration::ZERO }
}

#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) side: Side<File, Kept>,
    pub(super) socket: UdpSocket,
    pub(super) peer: SocketAddr,
    /// The request, byte by byte: its repetition is the same.
    pub(super) request: Box<[u8]>,
    pub(super) direction: Direction,
    pub(super) name: Box<[u8]>,
    pub(super) began: Instant,
    /// How long the next answer is looked for before its socket is slept at.
    pub(super) awake: Duration,
    /// The peer has answered: it is there, and it is who it says.
    pub(super) heard: bool,
    /// Bytes that its windows may take.
    pub(super) memory: usize,
    /// The alarm that is set.
    pub(super) alarm: Option<Instant>,
    /// The socket is full, and its owner waits for room.
    pub(super) waits_for_room: bool,
    /// What the poller waits for.
    pub(super) watched: Interest,
    /// Its end has been told.
    pub(super) told: bool,
}

impl Transfer {
    /// Hears what has come and says what is to be said. What is said wants an answer, and there is
    /// none yet: looking for it would be a system call in vain for every block. Where nobody else
    /// has a transfer it may be waited for right here, and the loop is spared.
    pub(super) fn turn(&mut self, inbox: &mut Inbox, outbox: &mut Outbox, alone: bool) {
        let mut answered = false;
        for _ in 0..TURN {
            let came = if answered {
                inbox.wait(&self.socket, &mut self.awake)
            } else {
                inbox.take(&self.socket)
            };
            let Some(came) = came else { return };
            let now = Instant::now();
            self.hear(&came, now);
            if self.side.must_speak() {
                self.speak(outbox, now);
                if !alone || self.waits_for_room || self.side.end().is_some() {
                    return;
                }
                answered = true;
            }
        }
        // The peer has been quick all the time.
        self.awake = awake(self.side.agreed());
    }

    fn hear(&mut self, came: &Came<'_>, now: Instant) {
        for datagram in came.datagrams() {
            if came.from == self.peer {
                self.heard = true;
                self.side.hear(datagram, now);
            } else if let Some(answer) = stranger(datagram) {
                // He hears it, or he asks again.
                let _ = send_one(&self.socket, &answer, came.from);
            }
        }
    }

    pub(super) fn speak(&mut self, outbox: &mut Outbox, now: Instant) {
        self.waits_for_room = !self.side.speak(outbox, &self.socket, self.peer, now);
    }

    /// What there is to tell, once.
    pub(super) fn report(&mut self, now: Instant, told: &(dyn Fn(&Report<'_>) + Sync)) {
        let Some(end) = self.side.end().filter(|_| !self.told) else { return };
        self.told = true;
        told(&Report {
            peer: self.peer,
            wanted: Some(Wanted { direction: self.direction, name: &self.name }),
            bytes: self.side.bytes(),
            took: now.saturating_duration_since(self.began),
            end,
        });
    }

    /// It came to its end, even if its last word may have to be repeated.
    pub(super) fn has_ended(&self) -> bool {
        self.side.end().is_some()
    }

    /// The peer has not said so, but there is nobody.
    pub(super) fn is_silent(&self) -> bool {
        !self.heard || matches!(self.side.end(), Some(End::Done))
    }
}
