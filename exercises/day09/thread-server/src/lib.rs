//! Parcel lockers ask which door to open: a thread for each, a limit, patience, and an end.

use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::time::Duration;

/// The longest line, in bytes, without its end.
pub const LONGEST: usize = 4096;

/// What the server allows itself and others.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// So many clients, and so many threads, at the same time.
    pub at_once: usize,
    /// So long a client may take for a line, and for taking an answer.
    pub patience: Duration,
}

/// Serves until `stop` is readable, and says how many clients there were. When it returns, whatever
/// it returns, all threads have ended and were joined.
pub fn serve<F>(
    listener: TcpListener,
    settings: Settings,
    answer: F,
    stop: &impl AsFd,
) -> io::Result<usize>
where
    F: Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
{
    todo!()
}
