//! Unix domain sockets and the life of their files (unix(7)).
//!
//! bind(2) makes a file, and nobody removes it: not close(2), not the end of the process. The
//! next bind fails with EADDRINUSE although nobody listens, and connecting gives ECONNREFUSED.
//! The usual answer, "remove whatever is there, then bind", steals the address of a server that
//! is alive and deletes files that were never sockets. Here a file is replaced only when it is a
//! socket and nobody answers on it, and it is removed by the process that made it.

use std::fs::{self, File};
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use socket2::{Domain, SockAddr, Socket, Type};
use syscall::{Context as _, Deadline, Errno, Error, IntoErrno as _, Result};

/// A name in the file system that belongs to a bound socket; dropping it removes the name.
///
/// Only in the process that made it, and only if the file is still the same one: a forked child
/// that unwinds must not take its parent's address away, nor an old server that of a new one.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    owner: u32,
    file: (u64, u64),
}

impl SocketFile {
    fn of(path: &Path) -> Result<Self> {
        let meta = fs::symlink_metadata(path).call_on("lstat", path.display())?;
        Ok(Self { path: path.into(), owner: std::process::id(), file: (meta.dev(), meta.ino()) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let same = fs::symlink_metadata(&self.path)
            .is_ok_and(|meta| (meta.dev(), meta.ino()) == self.file);
        if same && self.owner == std::process::id() {
            // Somebody else may have removed it first; there is nobody to tell either way.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A stream listener on a path. Keep the [`SocketFile`] as long as the listener.
///
/// # Errors
/// EADDRINUSE (a living server, or a file that is no socket), EINVAL (a path above 107 bytes, or
/// empty), ENOENT, EACCES, EROFS, EMFILE.
pub fn listen(path: impl AsRef<Path>, backlog: u16) -> Result<(UnixListener, SocketFile)> {
    let (socket, file) = bind_path(Type::STREAM, path.as_ref(), |socket| {
        socket.listen(backlog.into()).call_on("listen", path.as_ref().display())
    })?;
    Ok((socket.into(), file))
}

/// A datagram socket on a path.
///
/// # Errors
/// As [`listen`].
pub fn datagram(path: impl AsRef<Path>) -> Result<(UnixDatagram, SocketFile)> {
    let (socket, file) = bind_path(Type::DGRAM, path.as_ref(), |_| Ok(()))?;
    Ok((socket.into(), file))
}

/// A stream listener on an abstract name: no file, gone with its last descriptor, open to every
/// process of the network namespace whatever its user. Linux only.
///
/// # Errors
/// EADDRINUSE, EINVAL (a name above 107 bytes), EMFILE.
pub fn listen_abstract(name: &[u8]) -> Result<UnixListener> {
    let shown = || format!("@{}", name.escape_ascii());
    let address = SocketAddr::from_abstract_name(name).call_on("bind", shown())?;
    UnixListener::bind_addr(&address).call_on("bind", shown())
}

/// Connects to a path under a deadline: when the server's queue is full, connect(2) waits for it.
///
/// # Errors
/// ENOENT (no such file), ECONNREFUSED (nobody listens there any more), EACCES, EPROTOTYPE (a
/// datagram socket), ETIMEDOUT (the deadline has passed).
pub fn connect(path: impl AsRef<Path>, deadline: Deadline) -> Result<UnixStream> {
    let path = path.as_ref();
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None).call("socket")?;
    let address = SockAddr::unix(path).call_on("connect", path.display())?;
    // A full queue answers a non-blocking connect with EAGAIN and offers nothing to wait on, so
    // the blocking call is made under the socket's send time-out, which is what bounds it.
    loop {
        let left = deadline.remaining();
        if left.is_some_and(|left| left.is_zero()) && deadline != Deadline::Now {
            return Err(Error::new("connect", Errno::ETIMEDOUT).on(path.display()));
        }
        socket.set_nonblocking(deadline == Deadline::Now).call("fcntl")?;
        socket.set_write_timeout(left.filter(|left| !left.is_zero())).call("setsockopt")?;
        match socket.connect(&address).map_err(io::Error::into_errno) {
            // Unlike TCP's, this attempt is not going on: it may be repeated.
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => {
                return Err(Error::new("connect", Errno::ETIMEDOUT).on(path.display()));
            }
            done => {
                done.call_on("connect", path.display())?;
                socket.set_nonblocking(false).call("fcntl")?;
                socket.set_write_timeout(None).call("setsockopt")?;
                return Ok(socket.into());
            }
        }
    }
}

fn bind_path(
    kind: Type,
    path: &Path,
    then: impl FnOnce(&Socket) -> Result<()>,
) -> Result<(Socket, SocketFile)> {
    let address = SockAddr::unix(path).call_on("bind", path.display())?;
    if path.as_os_str().is_empty() {
        // bind(2) would choose an abstract name (autobind): not what an empty path was meant for.
        return Err(Error::new("bind", Errno::EINVAL).on("an empty path"));
    }
    let socket = Socket::new(Domain::UNIX, kind, None).call("socket")?;
    // Two servers that start at once could both find a stale file, and the slower one would
    // remove the faster one's new file. So the directory is locked until the winner listens.
    let _guard = lock_directory(path)?;
    if let Err(error) = socket.bind(&address) {
        if error.kind() != io::ErrorKind::AddrInUse || !is_stale(path, kind)? {
            return Err(error).call_on("bind", path.display());
        }
        fs::remove_file(path).call_on("unlink", path.display())?;
        socket.bind(&address).call_on("bind", path.display())?;
    }
    let file = SocketFile::of(path)?;
    then(&socket)?;
    Ok((socket, file))
}

/// flock(2) on a directory needs no file of its own that somebody would have to remove.
fn lock_directory(path: &Path) -> Result<File> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let handle = File::open(directory).call_on("open", directory.display())?;
    handle.lock().call_on("flock", directory.display())?;
    Ok(handle)
}

/// A socket file on which nobody answers.
fn is_stale(path: &Path, kind: Type) -> Result<bool> {
    let meta = fs::symlink_metadata(path).call_on("lstat", path.display())?;
    if !meta.file_type().is_socket() {
        return Ok(false);
    }
    let probe = Socket::new(Domain::UNIX, kind, None).call("socket")?;
    // Never wait here: a living server with a full queue answers EAGAIN, which is an answer.
    probe.set_nonblocking(true).call("fcntl")?;
    let address = SockAddr::unix(path).call_on("connect", path.display())?;
    Ok(probe.connect(&address).is_err_and(|e| e.kind() == io::ErrorKind::ConnectionRefused))
}
