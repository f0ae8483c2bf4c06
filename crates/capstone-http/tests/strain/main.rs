//! The program under strain: crowds that do nothing, crowds that come and go, whatever runs out,
//! strangers who never come to an end, and an end in the middle of the work.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod churn;
mod full;
mod hostile;
mod idle;
#[path = "../conformance/keen.rs"]
mod keen;
#[path = "../common/memory.rs"]
mod memory;
#[path = "../conformance/peer.rs"]
#[allow(dead_code, reason = "each test binary uses its part")]
mod peer;
#[path = "../common/server.rs"]
mod server;
mod stops;

use peer::{Peer, get};

/// A counter of the server. Asked for on a connection of its own, which is counted, too.
fn counter(at: std::net::SocketAddr, name: &str) -> u64 {
    let mut peer = Peer::to(at);
    peer.says(get("/metrics"));
    let text = String::from_utf8(peer.hears().body).unwrap();
    let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
    text.lines().find_map(value).unwrap()
}
