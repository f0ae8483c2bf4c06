//! 售票员, the child.

use std::io::{PipeReader, Write};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpid, getppid};

use crate::inbox::Inbox;
use crate::keys::NOT_THE_CONDUCTORS;

/// `alive` ends when the driver does, however that happens.
pub(crate) fn work(driver: Pid, alive: &PipeReader, out: &mut dyn Write) -> Outcome {
    let mine = [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGUSR1];
    let inbox = Inbox::open(&mine, NOT_THE_CONDUCTORS)?;
    loop {
        match inbox.next(alive.as_fd())? {
            Some(Signal::SIGINT) => tell(driver, Signal::SIGUSR1)?,
            Some(Signal::SIGQUIT) => tell(driver, Signal::SIGUSR2)?,
            Some(_) => {
                writeln!(out, "conductor {}: 到站了请下车", getpid())?;
                return Ok(());
            }
            // A bus without a driver.
            None => return Ok(()),
        }
    }
}

/// To the driver and to nobody who has taken his place: an orphan's parent is somebody else.
fn tell(driver: Pid, signal: Signal) -> Outcome {
    if getppid() == driver {
        kill(driver, signal)?;
    }
    Ok(())
}
