//! A listener on a path where there may be something already.

use std::fs;
use std::io;
use std::os::unix::net::UnixListener;
use std::path::Path;

/// WRONG: whatever is there has to go, be it a living server's address or somebody's file.
pub(crate) fn listen(path: &Path) -> io::Result<UnixListener> {
    let _ = fs::remove_file(path);
    UnixListener::bind(path)
}
