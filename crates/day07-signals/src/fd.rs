//! signalfd(2): signals that are read. Nothing is interrupted, so anything may be done about them.
//! (`process::signals::SignalFd` holds the signals back by itself.)

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::getppid;

use crate::child::{hear, start, succeeded, tell};

pub(crate) fn run() -> Outcome {
    let (child, line) = start(|line| {
        // Held back, or it would be delivered before anybody could read it. In a program with
        // threads every thread must: block it before the first one is started.
        let set = SigSet::from(Signal::SIGUSR1);
        set.thread_block()?;
        let fd = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        tell(line, b'!')?;
        // One wait for signals and everything else that is a descriptor.
        poll(&mut [PollFd::new(fd.as_fd(), PollFlags::POLLIN)], PollTimeout::NONE)?;
        let first = fd.read_signal()?.ok_or("poll was wrong")?;
        let from_parent = first.ssi_pid.cast_signed() == getppid().as_raw();
        let second = fd.read_signal()?;
        tell(line, u8::try_from(first.ssi_signo)?)?;
        tell(line, u8::from(from_parent))?;
        tell(line, u8::from(second.is_none()))
    })?;
    hear(&line)?;
    kill(child.pid(), Signal::SIGUSR1)?;
    let number = hear(&line)?.unwrap_or(0);
    let (from_us, empty) = (hear(&line)? == Some(1), hear(&line)? == Some(1));
    succeeded(child, "")?;

    let name = Signal::try_from(i32::from(number))?;
    let mut out = io::stdout();
    writeln!(out, "signalfd: read gives {name}, sent by this process: {from_us}")?;
    writeln!(out, "  read again: nothing is pending: {empty}")?;
    Ok(())
}
