//! A terminal of our own (pty(7)), and somebody in the place of its shell.

use std::fs::OpenOptions;
use std::io::{PipeWriter, Write as _};

use cli::Outcome;
use nix::fcntl::OFlag;
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{SigHandler, SigSet, Signal, signal};
use nix::unistd::{Pid, getpgrp, getpid, setpgid, setsid, tcsetpgrp};
use process::signals::Set;
use process::{Deadline, fork};

use crate::lesson::failed;
use crate::ride::ride;

/// The keyboard's side, and the name of the other one.
pub(crate) fn open() -> nix::Result<(PtyMaster, String)> {
    let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname_r(&master)?;
    Ok((master, name))
}

/// What a shell does with a command line: a group of its own for it, the foreground for the
/// group, and a wait. `lines` is for the two of the ride, `report` for what we see of them.
pub(crate) fn shell(name: &str, mut lines: PipeWriter, mut report: PipeWriter) -> Outcome {
    // The keys, held back to see whether one comes; and SIGTTOU, which stops whoever changes the
    // foreground from the background.
    let keys = [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTSTP];
    let held: SigSet = keys.into_iter().chain([Signal::SIGTTOU]).collect();
    held.thread_set_mask()?;
    // The end of the terminal is to be the end of all this.
    // SAFETY: the default action runs none of our code.
    unsafe { signal(Signal::SIGHUP, SigHandler::SigDfl) }?;
    // The first terminal that the leader of a new session opens becomes the one of the session.
    setsid()?;
    let terminal = OpenOptions::new().read(true).write(true).open(name)?;
    let mut driver = fork(|| {
        let ready = setpgid(Pid::from_raw(0), Pid::from_raw(0))
            .and_then(|()| tcsetpgrp(&terminal, getpgrp()));
        let done = ready.map_err(Into::into).and_then(|()| ride(&mut lines));
        done.map_or_else(failed, |()| 0)
    })?;
    drop(lines);
    let end = driver.join(Deadline::Never)?.map_or_else(String::new, |exit| exit.to_string());
    let pending = Set::pending()?;
    let came: Vec<_> = keys.into_iter().filter(|&key| pending.contains(key)).collect();
    let (me, group) = (getpid(), getpgrp());
    writeln!(
        report,
        "shell {me}, group {group} of the same terminal: keys that came here {came:?}"
    )?;
    writeln!(report, "  what it sees of the driver: {end}")?;
    Ok(())
}
