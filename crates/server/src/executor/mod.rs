//! Who runs the handlers.
//!
//! | executor | a client is served by | at once | needs |
//! |---|---|---|---|
//! | [`Iterative`] | the serving thread, one after the other | 1 | nothing |
//! | [`Fork`] | a child process | 40 | a process without other threads |
//! | [`Thread`] | a thread | 256 | a handler that is `Send + Sync + 'static` |
//! | [`Pool`] | a worker of a fixed crew | its size | the same |
//! | [`Multiplexed`] | the serving thread, all of them in turn | 1,000 | for connections: [`Sessions`](crate::Sessions) |
//!
//! What is needed is a bound, so that what makes no sense does not compile:
//!
//! ```compile_fail,E0277
//! use server::{Connection, Multiplexed, Server, Tcp};
//! # fn no() -> Result<(), Box<dyn std::error::Error>> {
//! let waits = |client: &Connection<std::net::TcpStream>| Ok(());
//! // A function that waits for its client would stop the event loop for everybody else.
//! Server::new(Tcp::bind("127.0.0.1:0".parse()?)?, Multiplexed, waits)?.serve()?;
//! # Ok(())
//! # }
//! ```
//!
//! ```compile_fail,E0277
//! use server::{Datagram, Server, Thread, Udp};
//! # fn no() -> Result<(), Box<dyn std::error::Error>> {
//! let count = std::cell::Cell::new(0);
//! // A counter that is not for threads.
//! let counts = move |asked: &Datagram<std::net::UdpSocket>| Ok(count.set(count.get() + 1));
//! Server::new(Udp::bind("127.0.0.1:0".parse()?)?, Thread, counts)?.serve()?;
//! # Ok(())
//! # }
//! ```

mod alarms;
mod fork;
mod iterative;
mod multiplexed;
mod spare;
mod talk;
mod threaded;

pub use fork::Fork;
pub use iterative::Iterative;
pub use multiplexed::Multiplexed;
pub use talk::Multiplex;
pub use threaded::{Pool, Thread};

use crate::core::{Core, Crew};
use crate::error::Result;
use crate::transport::Transport;

/// Runs a handler `H` for the clients of a transport `T`.
///
/// The five are all: the trait tells which combinations exist and is not made for more of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run this handler for clients of `{T}`",
    note = "Thread and Pool need a handler that is Send + Sync + 'static",
    note = "Multiplexed needs Sessions(…) for connections: what waits for one client stops all"
)]
pub trait Executor<T: Transport, H> {
    /// The work while it is going on.
    #[doc(hidden)]
    type Crew: Crew<T>;

    /// How many clients are served at once, unless [`Server::at_once`](crate::Server::at_once)
    /// says otherwise.
    fn at_once(&self) -> usize;

    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc, reason = "only Server calls it, and says there")]
    fn start(self, handler: H, core: &mut Core<T>) -> Result<Self::Crew>;
}
