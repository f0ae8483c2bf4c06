//! A client of TFTP.
//!
//! [`get`] and [`put`] are one transfer each, from the request to the end. They wait in one place,
//! for the server, the clock, and somebody who wants to stop; they write to whatever they are given
//! and leave files, their names and their being whole to the caller.

mod error;
mod local;
mod run;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;

use crate::carrier::{Side, Sink, Source};
use crate::tftp::options::Ask;
use crate::tftp::packet::Mode;
use crate::tftp::{Receiver, Sender, Timing};
pub use error::Error;
use local::{Local, Nowhere};
use run::run;

/// How to ask.
#[derive(Clone, Debug)]
pub struct Options {
    /// As bytes, or as text.
    pub mode: Mode,
    /// What is asked for; a server may agree to less. `tsize` is for reading `Some(0)`, for writing
    /// what the file has.
    pub ask: Ask,
    /// When packets are repeated, and when the server is given up.
    pub timing: Timing,
}

impl Default for Options {
    /// Bytes, in windows of 32 blocks that fit into Ethernet's packets, wherever the server knows
    /// how; 46 KiB of window are less than any system's receive buffer has.
    fn default() -> Self {
        let (blksize, windowsize) = (Some(1428), Some(32));
        let ask = Ask { blksize, windowsize, timeout: None, tsize: Some(0) };
        Self { mode: Mode::Octet, ask, timing: Timing::default() }
    }
}

/// How far a transfer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file so far; some of what was read from it may still be on its way.
    pub bytes: u64,
    /// All of them, when the server has said so.
    pub whole: Option<u64>,
}

/// One transfer.
pub struct Job<'a> {
    /// The server's own port.
    pub server: SocketAddr,
    /// The file's name there.
    pub name: &'a [u8],
    /// How.
    pub options: &'a Options,
    /// Readable when it is to be given up, such as a [`server::Stopper`].
    pub stop: Option<BorrowedFd<'a>>,
    /// Called after each turn.
    pub progress: &'a mut dyn FnMut(Progress),
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { server, name, options, .. } = self;
        let name = name.escape_ascii().to_string();
        f.debug_struct("Job")
            .field("server", server)
            .field("name", &name)
            .field("options", options)
            .finish_non_exhaustive()
    }
}

/// Gets a file and gives its length.
///
/// # Errors
/// [`Error`]. What was written until then is not the file.
pub fn get(job: Job<'_>, to: &mut dyn Write) -> Result<u64, Error> {
    let Options { mode, ask, timing } = *job.options;
    let receiver = Receiver::ask(job.name, mode, &ask, timing)?;
    let side = Side::<std::io::Empty, _>::receives(receiver, Sink::new(Local(to), mode));
    run(job, side)
}

/// Puts a file there and gives its length.
///
/// # Errors
/// [`Error`]. The server has the whole file only if there is none.
pub fn put(job: Job<'_>, from: &mut dyn Read) -> Result<u64, Error> {
    let Options { mode, ask, timing } = *job.options;
    let sender = Sender::ask(job.name, mode, &ask, timing)?;
    let side = Side::<_, Nowhere>::sends(sender, Source::new(from, mode));
    run(job, side)
}
