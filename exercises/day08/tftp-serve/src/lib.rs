//! A file server that speaks in frames.

use std::io;
use std::net::TcpListener;
use std::path::Path;

/// The longest frame: its letter and what stands behind it, in bytes, without the four of its length.
pub const LONGEST: usize = 64 * 1024 + 1;

/// Lists, sends and stores the files of `folder`, for any number of clients at the same time.
pub fn serve(listener: TcpListener, folder: &Path) -> io::Result<()> {
    todo!()
}
