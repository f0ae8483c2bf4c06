//! SIGCHLD ignored: the kernel collects the children, and the statuses are lost.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use cli::Outcome;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::sys::wait::{wait, waitpid};

use crate::child::{look, tell, until_told};

pub(crate) fn run() -> Outcome {
    // SAFETY: no handler is installed; ignoring a signal calls none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigIgn) }?;

    let (pid, line) = until_told(5)?;
    tell(&line)?;
    // wait still blocks until the last child has ended. Then there is nobody to report.
    let waited = wait();
    let state = look(pid).map_or('-', |(state, _)| state);
    // It holds for the whole program, for libraries too, and it survives exec: std's own wait
    // cannot say how its child has ended.
    let program = std::env::current_exe()?;
    let std = Command::new(&program).arg("--help").stdout(Stdio::null()).status();

    default()?;
    let (pid, line) = until_told(5)?;
    tell(&line)?;
    let restored = waitpid(pid, None)?;

    let mut out = io::stdout();
    writeln!(out, "SIGCHLD ignored: wait: {waited:?}, the state of the child: {state}")?;
    writeln!(out, "  a Command's status: {:?}", std.map_err(|error| error.raw_os_error()))?;
    writeln!(out, "SIGCHLD back at its default: {restored:?}")?;
    Ok(())
}

/// The default of SIGCHLD also does nothing to us, but it keeps the statuses. A program may have
/// been started with the signal ignored: whoever needs its children's ends says so.
pub(crate) fn default() -> Outcome {
    // SAFETY: no handler is installed; the default calls none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    Ok(())
}
