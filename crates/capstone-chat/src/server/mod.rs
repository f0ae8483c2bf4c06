//! The server: one loop around one UDP socket. What a datagram means is the room's affair; here
//! datagrams are moved, and everything else that may happen is waited for in the same place.
//!
//! - `receive.rs`, `fan_out.rs`: many datagrams by one system call, in and out;
//! - `admin.rs`: the administrator's lines in the loop; `fork.rs`: in a child, as the course's notes
//!   design it;
//! - `socket.rs`: where the socket comes from; `log.rs`, `lost.rs`: what is told.
//!
//! ```text
//!  standard input ─► admin ──┐
//!                            ▼
//!  socket ─► receive ─► Room: members, rules ─► fan_out ─► socket
//!                            ▲
//!  signals, the clock ───────┘
//! ```

mod admin;
mod batch;
mod fan_out;
mod fork;
mod log;
mod lost;
mod patience;
mod receive;
mod socket;
mod turn;

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use cli::Outcome;
use nix::sys::signal::Signal;
use process::signals::Disposition;
pub use service::Level;
use service::{Signals, ready};

use crate::room::Limits;
use turn::Server;

/// Who reads the administrator's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// The loop that does everything else.
    #[default]
    Poll,
    /// A child, which sends them to the server's port.
    Fork,
}

impl FromStr for Model {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "poll" => Ok(Self::Poll),
            "fork" => Ok(Self::Fork),
            _ => Err("it is none of poll and fork".into()),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if *self == Self::Poll { "poll" } else { "fork" })
    }
}

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who reads the administrator's lines.
    pub model: Model,
    /// Limits on what others can make of the room.
    pub limits: Limits,
    /// What is told on standard error.
    pub log: Level,
    /// At the end, how long to go on with what has come already.
    pub grace: Duration,
}

/// Serves at an address, or on the socket that systemd has handed over, until SIGINT or SIGTERM.
/// Prints `listening on ADDR` when it can be reached.
///
/// # Errors
/// The address is taken or none of ours; nothing that members or the network can cause.
pub fn run(address: Option<SocketAddr>, options: &Options) -> Outcome {
    let socket = socket::open(address)?;
    // A process at a terminal that is not in its foreground is stopped when it reads from there.
    // A server should go on: so the read fails instead (EIO), and there is no administrator.
    let _background = Disposition::ignore(Signal::SIGTTIN)?;
    // Before there are handlers: the child shall be ended by signals as any other program is.
    let child = match options.model {
        Model::Poll => None,
        Model::Fork => Some(fork::Child::start(&socket, options.limits.longest)?),
    };
    let signals = Signals::watch(&[Signal::SIGUSR1])?;

    let address = socket.local_addr()?;
    let mut server = Server::new(socket, child, signals, options)?;
    ready::listening(address)?;
    server.serve()
}
