//! One connection of the edge-triggered server: read and write until neither goes on.

use std::io::{self, Read as _, Write as _};

use mio::event::Event;
use mio::net::TcpStream;
use sockets::{SendQueue, not_now};

/// One connection, and what it still has to get.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    owed: SendQueue,
    /// It has ended its side: nothing more to read.
    ended: bool,
    pub(crate) open: bool,
}

impl Client {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, owed: SendQueue::with_limit(64 * 1024), ended: false, open: true }
    }

    /// Reads and writes until neither goes on, at most so many times; true when it might go on.
    pub(crate) fn pump(&mut self, event: &Event) -> io::Result<bool> {
        for _ in 0..16 {
            let mut used_up = self.ended;
            if !self.ended && !self.owed.is_full() {
                let mut bytes = [0; 4096];
                let got = (&self.stream).read(&mut bytes);
                tell(event, &got)?;
                match got {
                    Ok(n) if n > 0 => self.owed.push(&bytes[..n]),
                    Err(error) if not_now(&error) => used_up = true,
                    _ => self.ended = true,
                }
            }
            let sent = self.owed.flush(&self.stream);
            self.open = sent.is_ok() && !(self.ended && self.owed.is_empty());
            // New data will be a change, and so will room to write when there is none now.
            if !self.open || used_up || self.owed.is_full() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A line for what was read; none for bulk, which would hide the others.
fn tell(event: &Event, got: &io::Result<usize>) -> io::Result<()> {
    let (mut out, token) = (io::stdout(), event.token().0);
    match got {
        Ok(0) => writeln!(out, "  token {token}: it has ended its side"),
        Ok(n) if *n < 512 => writeln!(out, "  token {token}: {n} bytes"),
        Ok(_) => Ok(()),
        Err(error) if not_now(error) => Ok(()),
        Err(error) => writeln!(out, "  token {token}: {error}"),
    }
}
