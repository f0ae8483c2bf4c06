//! What is left when a program has stopped half-way.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use cli::{Outcome, Role};

use crate::{report, sigchld};

pub(crate) const ROLE: Role = Role {
    name: "report",
    args: &["DIR"],
    help: "writes a report into DIR and stops half-way",
    run: |args| report::write(Path::new(&args[0])),
};

pub(crate) fn run() -> Outcome {
    sigchld::default()?;
    // It goes away with its owner.
    let scratch = tempfile::tempdir()?;
    let mut command = Command::new(std::env::current_exe()?);
    let done = command.arg("report").arg(scratch.path()).stdin(Stdio::null()).output()?;
    let report = fs::read(scratch.path().join("report"))?.len();
    let lock = scratch.path().join("lock").exists();
    drop(scratch);

    let mut out = io::stdout();
    writeln!(out, "a program that stops half-way: {}", done.status)?;
    writeln!(out, "  bytes of its report in the file: {report}, its lock is left behind: {lock}")?;
    Ok(())
}
