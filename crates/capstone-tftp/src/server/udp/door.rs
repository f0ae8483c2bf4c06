//! The worker at its door: who comes in.

use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use multiplex::{Interest, Poller as _, Token, Trigger};
use syscall::Errno;

use super::admit::Wish;
use super::listener::tid;
use super::transfer::Transfer;
use super::worker::{LISTENER, Told, Worker};
use super::{Report, Wanted};
use crate::carrier::send_one;
use crate::store::Refusal;
use crate::tftp::End;
use crate::tftp::packet::{Code, error};

/// So many requests, then the transfers have their turn.
const TURN: usize = 64;

impl Worker<'_> {
    /// The requests that wait, or the first of them.
    pub(super) fn admit_all(&mut self, now: Instant, told: Told<'_>) {
        for _ in 0..TURN {
            let Some(asked) = self.listener.take() else { return };
            let (from, at, bytes) = (asked.from, asked.at, asked.bytes.to_vec());
            self.admit(&bytes, from, at, now, told);
        }
    }

    fn admit(
        &mut self,
        bytes: &[u8],
        from: SocketAddr,
        at: SocketAddr,
        now: Instant,
        told: Told<'_>,
    ) {
        let wish = match Wish::of(bytes) {
            Ok(wish) => wish,
            Err(None) => return,
            Err(Some(words)) => {
                self.listener.say(&error(Code::Illegal, &words), from);
                return refused(from, None, Code::Illegal, words, told);
            }
        };
        if self.table.is_known(from, bytes) || !self.makes_place(from, now, told) {
            return;
        }
        let socket = match tid(at) {
            // Without a descriptor, one that is silent gives its own; else the peer asks again.
            Err(error) if matches!(error.errno(), Errno::EMFILE | Errno::ENFILE) => {
                let Some(key) = self.table.gives_way(None, now) else { return };
                self.end(key, Code::NotDefined, "too many transfers", told);
                tid(at)
            }
            socket => socket,
        };
        let Ok(socket) = socket else { return };
        let memory = self.memory / 4;
        match wish.begin(self.store, self.options, memory, (socket, from, bytes), now) {
            Ok(transfer) => self.add(transfer, now, told),
            // EMFILE is not the peer's affair: it asks again.
            Err((.., Refusal::Io(Errno::EMFILE | Errno::ENFILE))) => {}
            Err((socket, code, refusal)) => {
                let words = refusal.to_string();
                let _ = send_one(&socket, &error(code, &words), from);
                let wanted = Wanted { direction: wish.direction, name: wish.request.name };
                refused(from, Some(wanted), code, words, told);
            }
        }
    }

    /// False when there are too many already, and none gives way.
    fn makes_place(&mut self, from: SocketAddr, now: Instant, told: Told<'_>) -> bool {
        let of_peer = self.table.of_peer(from.ip()) >= self.options.of_one_peer;
        if !of_peer && self.table.len() < self.options.transfers {
            return true;
        }
        let key = self.table.gives_way(of_peer.then_some(from.ip()), now);
        if let Some(key) = key {
            self.end(key, Code::NotDefined, "too many transfers", told);
        }
        key.is_some()
    }

    fn add(&mut self, mut transfer: Transfer, now: Instant, told: Told<'_>) {
        let key = self.table.free_key(LISTENER.0);
        let (token, trigger) = (Token(key), Trigger::Level);
        let fd = transfer.socket.as_fd();
        if self.poller.register(fd, token, Interest::READABLE, trigger).is_err() {
            return;
        }
        let window = transfer.memory;
        transfer.memory = if transfer.side.agreed().windowsize > 1 { window } else { 0 };
        self.memory = self.memory.saturating_sub(transfer.memory);
        transfer.speak(&mut self.outbox, now);
        self.table.insert(key, transfer);
        self.settle(key, now, told);
    }
}

fn refused(
    peer: SocketAddr,
    wanted: Option<Wanted<'_>>,
    code: Code,
    words: String,
    told: Told<'_>,
) {
    let end = End::Failed { code, words };
    told(&Report { peer, wanted, bytes: 0, took: Duration::ZERO, end: &end });
}
