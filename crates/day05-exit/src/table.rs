//! What a parent sees of each end. Every way is this very program, started again.

use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use cli::Outcome;

use crate::sigchld;
use crate::ways::WAYS;

pub(crate) fn run() -> Outcome {
    sigchld::default()?;
    let program = std::env::current_exe()?;
    let mut out = io::stdout();
    writeln!(out, "how often each was seen: std's buffer, our own buffer, a destructor")?;
    for way in WAYS {
        let done = Command::new(&program).args(["end", way]).stdin(Stdio::null()).output()?;
        // A shell shows $? = 128 + the signal, which is its own invention: there is no code.
        let end = match (done.status.code(), done.status.signal()) {
            (Some(code), _) => format!("code {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => "neither".into(),
        };
        let text = String::from_utf8_lossy(&done.stdout);
        let seen = |part| text.matches(part).count();
        let seen = [seen("std's "), seen("our own "), seen("destructor")];
        // A panic says where it was, an error what it is.
        let said = if done.stderr.is_empty() { "" } else { "and a message" };
        let row = format!("  {way:<12} {end:<10} {} {} {}  {said}", seen[0], seen[1], seen[2]);
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}
