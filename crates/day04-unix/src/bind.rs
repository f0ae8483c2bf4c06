//! A listener on a path where there may be something already.

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;

use syscall::{Deadline, Errno};

/// Takes the place of a server that has gone, and of nothing else. Between the question and the
/// removal another server may start: `sockets::unix` holds a lock meanwhile.
pub(crate) fn listen(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_stale(path) => {
            fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        done => done,
    }
}

/// A socket on which nobody listens refuses. Whatever else it answers, somebody is there.
fn is_stale(path: &Path) -> bool {
    let socket = fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket());
    let answer = || sockets::unix::connect(path, Deadline::Now);
    socket && answer().is_err_and(|error| error.errno() == Errno::ECONNREFUSED)
}
