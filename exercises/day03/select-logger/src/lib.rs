//! A log book: every line of every source goes to a file, in one loop around select(2).

use std::fs::File;
use std::io;
use std::net::TcpListener;
use std::os::fd::OwnedFd;

/// Appends each line that a client or the terminal sends to `log`. Serves for ever; an error is one
/// of the listener, of select or of the log, never of a source.
pub fn serve(listener: TcpListener, terminal: OwnedFd, log: File) -> io::Result<()> {
    todo!()
}
