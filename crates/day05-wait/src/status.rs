//! The status: one number for several ways to end.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::child::{tell, until_told};
use crate::verdict::verdict;

pub(crate) fn run() -> Outcome {
    let mut rows = Vec::new();
    // Somebody who has not ended: asked with WNOHANG, and collected afterwards.
    let (pid, line) = until_told(0)?;
    rows.push(("not ended", raw_wait(pid, libc::WNOHANG)?));
    tell(&line)?;
    rows.push(("exit 0", raw_wait(pid, 0)?));

    // Eight bits of the code arrive, and they stand in the second byte: 3 * 256 is 768.
    for (how, code) in [("exit 3", 3), ("exit 263", 263)] {
        let (pid, line) = until_told(code)?;
        tell(&line)?;
        rows.push((how, raw_wait(pid, 0)?));
    }
    // A signal stands in the low seven bits. The second byte is 0 then, and no exit code.
    for (how, signal) in [("SIGTERM", Signal::SIGTERM), ("SIGKILL", Signal::SIGKILL)] {
        let (pid, _line) = until_told(0)?;
        kill(pid, signal)?;
        rows.push((how, raw_wait(pid, 0)?));
    }

    let mut out = io::stdout();
    writeln!(out, "the status: how it ended, the number, the second byte of it, the verdict")?;
    for (how, (pid, status)) in rows {
        let (byte, verdict) = (libc::WEXITSTATUS(status), verdict(pid, status)?);
        writeln!(out, "  {how:<10} {status:>5} {byte:>3}  {verdict}")?;
    }
    Ok(())
}

/// waitpid(2) as C sees it: the id that it returns and the number that it fills in.
fn raw_wait(pid: Pid, options: i32) -> Outcome<(i32, i32)> {
    let mut status = 0;
    loop {
        // SAFETY: the status is an integer of ours that lives until the call has returned.
        let got = unsafe { libc::waitpid(pid.as_raw(), &raw mut status, options) };
        match Errno::result(got) {
            Err(Errno::EINTR) => {}
            done => return Ok((done?, status)),
        }
    }
}
