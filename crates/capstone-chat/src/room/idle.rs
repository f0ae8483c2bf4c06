//! Members who are silent for too long are taken for gone. UDP has no end of a connection: a client
//! that was killed sends nothing, and its name would be taken for ever.

use std::net::SocketAddr;
use std::time::Instant;

use super::Room;

impl Room {
    /// When [`Room::evict`] should be called next; `None`: not as long as nobody comes.
    pub fn next_eviction(&self) -> Option<Instant> {
        self.check
    }

    /// Shows those out who have said nothing for too long: each gets an EXIT, in case that it is
    /// there after all, and the others are told. Gives their number.
    ///
    /// Looks at all members, but not before the one who was silent the longest could be over the
    /// limit: what anybody says in between only makes it later.
    pub fn evict(&mut self, now: Instant) -> usize {
        let Some(idle) = self.limits.idle else { return 0 };
        if self.check.is_none_or(|check| now < check) {
            return 0;
        }
        let is_over = |heard: Instant| now.saturating_duration_since(heard) >= idle;
        let over = self.members.iter().filter(|member| is_over(member.heard));
        let over: Vec<SocketAddr> = over.map(|member| member.address).collect();
        for &address in &over {
            self.part(address);
        }
        self.counters.evicted += over.len() as u64;
        self.check = self.members.iter().map(|member| member.heard).min();
        self.check = self.check.and_then(|heard| heard.checked_add(idle));
        over.len()
    }

    /// Somebody was heard at `now`. Whoever came before is over the limit before him.
    pub(super) fn postpone(&mut self, now: Instant) {
        if let (None, Some(idle)) = (self.check, self.limits.idle) {
            self.check = now.checked_add(idle);
        }
    }
}
