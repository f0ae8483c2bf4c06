//! Two parts of one program have children: ours, and one that std::process has started for
//! somebody else, who wants its status.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use cli::Outcome;
use nix::unistd::Pid;

use crate::child::{tell, until_ended, until_told};
use crate::ours::reap;

pub(crate) fn run() -> Outcome {
    let (pid, line) = until_told(0)?;
    let mut ours = vec![pid];
    let program = std::env::current_exe()?;
    let mut guest = Command::new(program).arg("--help").stdout(Stdio::null()).spawn()?;
    tell(&line)?;
    // Both have ended before anybody asks.
    until_ended(pid)?;
    until_ended(Pid::from_raw(guest.id().cast_signed()))?;

    let collected = reap(&mut ours)?;
    let answer = match guest.wait() {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let mut out = io::stdout();
    writeln!(out, "one child of ours and one of somebody else have ended")?;
    writeln!(out, "  our reaper has collected {collected}; somebody else's wait: {answer}")?;
    Ok(())
}
