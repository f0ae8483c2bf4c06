//! What poll answers, and when. Each row makes a situation and asks.

use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockets::tcp;

use crate::server::names;

const IN: PollFlags = PollFlags::POLLIN;
const OUT: PollFlags = PollFlags::POLLOUT;

pub(crate) fn run() -> Outcome {
    // Nothing to read, but always room to write: whoever asks for POLLOUT without need spins.
    let (ours, theirs) = UnixStream::pair()?;
    row("an idle stream", &ours, IN | OUT)?;

    (&theirs).write_all(b"x")?;
    row("a byte has come", &ours, IN)?;

    // The hang-up does not mean that there is nothing left to read.
    drop(theirs);
    row("a byte has come, and the peer has gone", &ours, IN)?;

    // Nobody asked for POLLHUP. It comes all the same.
    row("the same, and nothing was asked for", &ours, PollFlags::empty())?;

    // POLLHUP without POLLIN: a server that waits for POLLIN alone never sees this end.
    let (reader, writer) = io::pipe()?;
    drop(writer);
    row("a pipe without a writer", &reader, IN)?;

    let (reader, writer) = io::pipe()?;
    drop(reader);
    row("a pipe without a reader", &writer, OUT)?;

    // The other direction is still open: POLLIN and a read of 0, no POLLHUP.
    let (ours, theirs) = tcp_pair()?;
    theirs.shutdown(std::net::Shutdown::Write)?;
    row("a TCP peer that has ended its side", &ours, IN)?;

    tcp::reset_on_close(&theirs)?;
    drop(theirs);
    row("a TCP peer that has reset", &ours, IN)?;

    // What select calls an exceptional condition is one thing only: urgent data.
    let (ours, theirs) = tcp_pair()?;
    nix::sys::socket::send(theirs.as_raw_fd(), b"!", nix::sys::socket::MsgFlags::MSG_OOB)?;
    row("an urgent byte", &ours, IN | PollFlags::POLLPRI)?;

    row("a regular file, always ready", std::fs::File::open("/proc/self/stat")?, IN | OUT)?;

    // The number of a closed descriptor is an answer, no error: POLLNVAL, again and again.
    let number = ours.as_raw_fd();
    drop(ours);
    // SAFETY: the number is closed, which is the mistake on show; poll looks at the number and
    // does nothing to what may stand behind it.
    row("a closed descriptor", unsafe { BorrowedFd::borrow_raw(number) }, IN)
}

fn row(situation: &str, fd: impl AsFd, asked: PollFlags) -> Outcome {
    let mut fds = [PollFd::new(fd.as_fd(), asked)];
    poll(&mut fds, PollTimeout::from(100_u8))?;
    let answer = fds[0].revents().unwrap_or(PollFlags::empty());
    writeln!(io::stdout(), "{situation:<40} {:<18} → {}", names(asked), names(answer))?;
    Ok(())
}

fn tcp_pair() -> Outcome<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    Ok((client, listener.accept()?.0))
}
