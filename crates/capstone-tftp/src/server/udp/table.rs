//! All transfers of a worker.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use super::transfer::Transfer;

/// A peer that has not answered for so long may be a forged address. Less, and those who have only
/// just asked would lose their place to each other.
const SILENT: Duration = Duration::from_secs(3);

/// Transfers by keys that never come back, so that an event or an alarm that comes too late finds
/// nobody.
#[derive(Debug, Default)]
pub(super) struct Table {
    transfers: HashMap<u32, Transfer>,
    /// The latest one of each peer.
    peers: HashMap<SocketAddr, u32>,
    next: u32,
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.transfers.len()
    }

    pub(super) fn keys(&self) -> Vec<u32> {
        self.transfers.keys().copied().collect()
    }

    pub(super) fn get_mut(&mut self, key: u32) -> Option<&mut Transfer> {
        self.transfers.get_mut(&key)
    }

    /// The key that the next one will have.
    pub(super) fn free_key(&mut self, last: u32) -> u32 {
        while self.next >= last || self.transfers.contains_key(&self.next) {
            self.next = if self.next >= last { 0 } else { self.next + 1 };
        }
        self.next
    }

    pub(super) fn insert(&mut self, key: u32, transfer: Transfer) {
        self.next = key.wrapping_add(1);
        self.peers.insert(transfer.peer, key);
        self.transfers.insert(key, transfer);
    }

    pub(super) fn remove(&mut self, key: u32) -> Option<Transfer> {
        let transfer = self.transfers.remove(&key)?;
        if self.peers.get(&transfer.peer) == Some(&key) {
            self.peers.remove(&transfer.peer);
        }
        Some(transfer)
    }

    /// Whether this request has its transfer already, of which the peer has not heard yet. A peer that
    /// has heard of it and asks for the same once more has begun anew.
    pub(super) fn is_known(&self, peer: SocketAddr, request: &[u8]) -> bool {
        let latest = self.peers.get(&peer).and_then(|key| self.transfers.get(key));
        latest.is_some_and(|one| !one.heard && !one.has_ended() && *one.request == *request)
    }

    pub(super) fn of_peer(&self, ip: IpAddr) -> usize {
        self.transfers.values().filter(|one| one.peer.ip() == ip).count()
    }

    /// Who gives way to a new one, of this peer or of all: whoever is only repeating its last word, or
    /// has been silent since it asked, the longest first.
    pub(super) fn gives_way(&self, ip: Option<IpAddr>, now: Instant) -> Option<u32> {
        let of_peer =
            self.transfers.iter().filter(|(_, one)| ip.is_none_or(|ip| one.peer.ip() == ip));
        let silent = of_peer.filter(|(_, one)| {
            one.is_silent() && now.saturating_duration_since(one.began) >= SILENT
        });
        silent.min_by_key(|(_, one)| one.began).map(|(key, _)| *key)
    }
}
