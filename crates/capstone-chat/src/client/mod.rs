//! The client: one session, and two ways to meet it.
//!
//! - `session.rs`: what happens after what; pure. `seen.rs`: who was seen;
//! - `link.rs`: the socket, `inbox.rs`: many datagrams by one call; `talk.rs`: the loop that moves everything in and out of the session;
//! - `front.rs`: what the loop wants from whoever types: `pipe.rs` without a terminal, `terminal/`
//!   with one.
//!
//! ```text
//!  lines ─► front ─► ┌─────────┐ ─► link ─► the server
//!                    │ Session │
//!  screen ◄─ front ◄─└─────────┘ ◄─ link ◄─ the server
//! ```

mod front;
mod inbox;
mod link;
mod pipe;
mod seen;
pub mod session;
mod talk;
mod terminal;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use cli::{Outcome, Usage};

use crate::wire::{BadName, Name};
use link::Link;
use session::Session;

/// How patient a client is. UDP loses datagrams, so that what is not answered is sent again.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long to wait for an answer.
    pub patience: Duration,
    /// How often to ask.
    pub attempts: u32,
}

impl Default for Options {
    /// Three times, a second apart.
    fn default() -> Self {
        Self { patience: Duration::from_secs(1), attempts: 3 }
    }
}

/// Talks to the first of the servers that is there, until it is told to end. Without a name it asks
/// for one.
///
/// # Errors
/// Nobody answers, or the name of the command line is refused.
pub fn run(servers: &[SocketAddr], name: Option<&str>, options: Options) -> Outcome {
    if let Some(name) = name {
        check(name).map_err(Usage::of)?;
    }
    let link = Link::open(servers)?;
    let session = Session::new(link.server(), name, options, Instant::now());
    if terminal::is_there() {
        talk::talk(link, session, terminal::Terminal::open)
    } else {
        talk::talk(link, session, || Ok(pipe::Pipe::new()))
    }
}

/// What the wire could not carry is not sent. That a name is somebody's, or the administrator's, is
/// for the server to say.
fn check(name: &str) -> Result<(), BadName> {
    match Name::new(name) {
        Ok(_) | Err(BadName::Reserved) => Ok(()),
        Err(bad) => Err(bad),
    }
}
