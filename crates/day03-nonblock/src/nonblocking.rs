//! O_NONBLOCK: the same calls, and an answer at once.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use sockets::tcp;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "without blocking")?;
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    listener.set_nonblocking(true)?;
    told("accept, nobody there", listener.accept().map(drop))?;

    // connect returns when the handshake is done, and then the connection is in the queue.
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (mut stream, _) = listener.accept()?;
    let (ours, theirs) = (is_nonblocking(&listener)?, is_nonblocking(&stream)?);
    writeln!(out, "  O_NONBLOCK: listener {ours}, the accepted socket {theirs}: not inherited")?;

    stream.set_nonblocking(true)?;
    told("read, nothing there", stream.read(&mut [0; 8]).map(drop))?;
    drop(client);

    // A write fails only when nothing fits. Before that it takes what fits: it may be a part. (A
    // connection of TCP fills up as well, later: its buffers grow while nobody looks.)
    let (mut stream, reader) = UnixStream::pair()?;
    stream.set_nonblocking(true)?;
    let chunk = [0; 16 * 1024];
    let full = loop {
        if let Err(error) = stream.write(&chunk) {
            break error;
        }
    };
    told("write, the buffer full", Err(full))?;
    drop(reader);

    // The flag belongs to the open file description, and a dup(2) is another number for the same
    // one. So does fork(2) share it: whoever makes a terminal non-blocking does so to the shell.
    let (ours, _peer) = UnixStream::pair()?;
    let copy = ours.try_clone()?;
    copy.set_nonblocking(true)?;
    let (original, duplicate) = (is_nonblocking(&ours)?, is_nonblocking(&copy)?);
    writeln!(out, "set on a dup: O_NONBLOCK: original {original}, dup {duplicate}: shared")?;
    // Close-on-exec is the opposite: it belongs to the number.
    fcntl(&copy, FcntlArg::F_SETFD(FdFlag::empty()))?;
    let (original, duplicate) = (is_cloexec(&ours)?, is_cloexec(&copy)?);
    writeln!(out, "cleared on a dup: FD_CLOEXEC: original {original}, dup {duplicate}: its own")?;
    Ok(())
}

/// What a call has answered, in std's words and in the kernel's.
pub(crate) fn told(what: &str, done: io::Result<()>) -> io::Result<()> {
    let answer = match done {
        Ok(()) => "done".to_owned(),
        Err(error) => match error.raw_os_error() {
            Some(number) => format!("{:?}, {:?}", error.kind(), Errno::from_raw(number)),
            // Not an error of the kernel: std says so itself, whatever calls it has made before.
            None => format!("{:?}, without an errno: std's own", error.kind()),
        },
    };
    writeln!(io::stdout(), "  {what:<28} {answer}")
}

fn is_nonblocking(fd: impl AsFd) -> nix::Result<bool> {
    let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL)?);
    Ok(flags.contains(OFlag::O_NONBLOCK))
}

fn is_cloexec(fd: impl AsFd) -> nix::Result<bool> {
    let flags = FdFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFD)?);
    Ok(flags.contains(FdFlag::FD_CLOEXEC))
}
