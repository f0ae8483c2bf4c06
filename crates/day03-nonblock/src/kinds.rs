//! The five kinds of IO, one line each: who waits, and who says that it is time.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::task::Task;

pub(crate) fn run() -> Outcome {
    writeln!(io::stdout(), "the five kinds of IO")?;
    blocking()?;
    nonblocking()?;
    multiplexed()?;
    signal_driven()?;
    asynchronous()
}

/// The call waits, for one thing.
fn blocking() -> Outcome {
    let (mut ours, mut theirs) = UnixStream::pair()?;
    let reader = Task::start(move || ours.read(&mut [0; 8]))?;
    reader.until_asleep_in(libc::SYS_recvfrom)?;
    let state = reader.look()?.0;
    theirs.write_all(b"x")?;
    let n = reader.join()??;
    row("blocking", &format!("read sleeps (state {state}); a byte comes; read returns {n}"))
}

/// Nobody waits: we have to come again.
fn nonblocking() -> Outcome {
    let (mut ours, mut theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let first =
        ours.read(&mut [0; 8]).map_or_else(|e| format!("{:?}", e.kind()), |n| n.to_string());
    theirs.write_all(b"x")?;
    let n = ours.read(&mut [0; 8])?;
    row("non-blocking", &format!("read returns {first}; a byte comes; read returns {n}"))
}

/// One call waits for many. Ready means: the next read will not block.
fn multiplexed() -> Outcome {
    let (one, _one) = UnixStream::pair()?;
    let (mut two, mut peer) = UnixStream::pair()?;
    peer.write_all(b"x")?;
    let mut fds = [&one, &two].map(|socket| PollFd::new(socket.as_fd(), PollFlags::POLLIN));
    let count = poll(&mut fds, PollTimeout::from(1000_u16))?;
    let ready: Vec<usize> =
        (1..).zip(&fds).filter(|(_, f)| f.any() == Some(true)).map(|p| p.0).collect();
    let n = two.read(&mut [0; 8])?;
    row(
        "multiplexed",
        &format!("poll on 2 sockets: {count} ready, number {ready:?}; read returns {n}"),
    )
}

/// The kernel sends SIGIO when a read would not block any more. The read is still ours to do.
fn signal_driven() -> Outcome {
    let (mut ours, mut theirs) = UnixStream::pair()?;
    // Blocked, so that the signal waits to be read instead of ending the process. This thread is
    // the only one now; a signal for the process would reach any thread that lets it through.
    let mut set = SigSet::empty();
    set.add(Signal::SIGIO);
    set.thread_block()?;
    let signals = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    let me = nix::unistd::getpid().as_raw();
    // SAFETY: F_SETOWN takes an integer, here our own process id; the descriptor is open.
    let done = unsafe { libc::fcntl(ours.as_raw_fd(), libc::F_SETOWN, me) };
    Errno::result(done)?;
    fcntl(&ours, FcntlArg::F_SETFL(OFlag::O_RDWR | OFlag::O_ASYNC))?;
    theirs.write_all(b"x")?;
    let mut fds = [PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
    poll(&mut fds, PollTimeout::from(1000_u16))?;
    let signal = signals.read_signal()?.map(|info| info.ssi_signo.cast_signed());
    let name = match signal.map(Signal::try_from) {
        Some(Ok(signal)) => signal.as_str(),
        _ => "no signal",
    };
    let n = ours.read(&mut [0; 8])?;
    // No more of them: they would be left pending, and the mask is not changed back before that.
    fcntl(&ours, FcntlArg::F_SETFL(OFlag::O_RDWR))?;
    drop(theirs);
    while signals.read_signal()?.is_some() {}
    set.thread_unblock()?;
    row("signal-driven", &format!("a byte comes; the kernel sends {name}; read returns {n}"))
}

/// The kernel does the reading too and says when it is done: only this kind is asynchronous. The
/// other four say "now you can", this one says "it is done". We only look for what there is:
/// io_uring (io_uring_setup(2), since Linux 5.1), often switched off in containers, and the older
/// AIO (io_submit(2)), in practice for files past the page cache. The POSIX functions of aio(7)
/// are threads inside of the C library.
fn asynchronous() -> Outcome {
    let ring = match fs::read_to_string("/proc/sys/kernel/io_uring_disabled").as_deref() {
        Ok("0\n") => "for everybody",
        Ok("1\n") => "for some",
        Ok(_) => "switched off",
        // The switch is younger than io_uring itself.
        Err(_) => "unknown",
    };
    let aio = fs::exists("/proc/sys/fs/aio-max-nr")?;
    row("asynchronous", &format!("this kernel has io_uring: {ring}; AIO: {aio}; not used here"))
}

fn row(kind: &str, line: &str) -> Outcome {
    writeln!(io::stdout(), "  {kind:<14} {line}")?;
    Ok(())
}
