//! The whole lesson, one step after the other.

use std::io::{self, Read as _, Write as _};
use std::process::{Command, Stdio};

use cli::Outcome;

use crate::{ends, leave, names, worker};

pub(crate) fn run() -> Outcome {
    names::show()?;
    ends::values()?;
    ends::panics()?;
    ends::scope()?;
    worker::show()?;
    worker::pool()?;
    leave::show()?;
    records()
}

/// Starts this program in its role `records`, hands in three records and counts what was saved.
fn records() -> Outcome {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("records")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(b"one\ntwo\nthree\n")?;
    let mut said = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut said)?;
    let status = child.wait()?;
    let saved = said.lines().filter(|line| line.starts_with("saved ")).count();
    writeln!(io::stdout(), "a main that joins its threads: {saved} of 3 records saved, {status}")?;
    Ok(())
}
