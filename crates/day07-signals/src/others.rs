//! "Signals are the only asynchronous communication": they are the only one that interrupts.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;

use cli::Outcome;
use nix::sys::signal::{Signal, kill};
use process::procfs::{Stat, State};

use crate::child::{hear, start, succeeded, tell, until};

/// Synchronous is a call that comes back when the work is done; asynchronous is one that leaves
/// the work to the kernel and goes on. A sender of messages does the latter: the kernel keeps
/// them for a receiver that is busy, asleep, or stopped. So do POSIX AIO and io_uring for reading
/// and writing; and mq_notify(3) or F_SETSIG (fcntl(2)) send a signal when something has come.
pub(crate) fn run() -> Outcome {
    let (child, mut line) = start(|mut line| {
        tell(line, b'!')?;
        let mut got = Vec::new();
        line.read_to_end(&mut got)?;
        tell(line, u8::try_from(got.len())?)
    })?;
    hear(&line)?;
    kill(child.pid(), Signal::SIGSTOP)?;
    until(child.pid(), State::Stopped)?;
    for message in [b"1", b"2", b"3"] {
        line.write_all(message)?;
    }
    line.shutdown(Shutdown::Write)?;
    let state = Stat::of(child.pid())?.state.letter();
    kill(child.pid(), Signal::SIGCONT)?;
    let got = hear(&line)?.unwrap_or(0);
    succeeded(child, "")?;

    let mut out = io::stdout();
    writeln!(out, "3 messages sent, the receiver is stopped ({state}); continued, it reads {got}")?;
    Ok(())
}
