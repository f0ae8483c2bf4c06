//! What a datagram has led to, on standard error.

use std::net::SocketAddr;
use std::time::Instant;

use service::{Level, Log, harmless};

use crate::room::{Event, Reason};

/// Its first bytes say enough: the letter, the name.
const FIRST: usize = 80;

/// A datagram, and what it has led to.
pub(super) fn say_of(log: &Log, event: Event, datagram: &[u8], from: SocketAddr, now: Instant) {
    let level = match event {
        Event::Joined | Event::Left | Event::Refused => Level::Info,
        Event::Dropped(Reason::NotYours) => Level::Warn,
        _ => Level::Debug,
    };
    // Most datagrams are not told of, and should not cost anything here.
    if log.tells(level) {
        let start = harmless(&datagram[..datagram.len().min(FIRST)]);
        let from = SocketAddr::new(from.ip().to_canonical(), from.port());
        log.say_of_peer(level, now, format_args!("event={event} from={from} datagram={start:?}"));
    }
}
