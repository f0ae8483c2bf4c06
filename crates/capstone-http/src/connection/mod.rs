//! One connection's conversation, as a state machine: bytes in, answers out, no call in it waits
//! (crate `server` waits, in five models).
//!
//! ```text
//!  bytes ─► session ── a head? ── message::parse
//!              │ yes
//!              ├─ a path of the handler ─► incoming: its body, to the end ─► Handler ──┐
//!              ├─ the path of the metrics ─► Metrics::text ────────────────────────────┤
//!              └─ everything else ─► Site::answer ─────────────────────────────────────┤
//!                                                                                      ▼
//!  Reply ◄── Date, Connection, the body ── turn ◄─────────────────────────────────── Answer
//! ```
//!
//! - `session`: what comes next, and for how long it is waited for;
//! - `turn.rs`: one request is answered; `send.rs`: the answer leaves;
//! - `incoming.rs`: the body of a request;
//! - [`Handler`]: what answers under a path of its own;
//! - [`Service`]: what all connections share; `desk.rs`: what a worker keeps between two of them.
//!
//! **Memory.** A connection that waits for its next request holds no buffer: what was read is
//! understood where it lies, and only the beginning of a head is kept. All that answering needs
//! belongs to the worker.

mod desk;
mod handler;
mod incoming;
mod send;
mod service;
mod session;
mod turn;

pub use desk::Worker;
pub use handler::{Handler, Request};
pub use service::{Service, Times};
pub use session::Session;
