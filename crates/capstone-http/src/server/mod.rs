//! Five models that run the same connections.
//!
//! | model | a connection is served by | at once |
//! |---|---|---|
//! | iterative | the one thread, one after the other | 1 |
//! | fork | a process of its own | 256 |
//! | thread | a thread of its own | 256 |
//! | pool | a worker of a crew that was there before | its size |
//! | epoll | one of a few event loops, a thread for each processor | 8192 |
//!
//! The event loops share nothing: each has a listener of its own on the same port (SO_REUSEPORT),
//! between which the kernel deals out connections, a cache of its own and its row of counters.
//!
//! **When descriptors run out**, an event loop closes its connections that are between two requests,
//! those that have been so for longest first, to let in whoever waits. In the other models an idle
//! connection stays until its time is over; whoever comes waits in the backlog until somebody leaves.
//! A request for a file that cannot be opened is told 503 and to come again.

mod listen;
mod run;

pub use listen::listen;
pub use run::{Options, Tell, serve};
pub use service::Model;
