//! Text that waits in a buffer is memory, and memory is copied.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use cli::{Outcome, Role};

use crate::child::{reap, start};

pub(crate) const ROLE: Role =
    Role { name: "print", args: &[], help: "prints around a fork (try it with | cat)", run: print };

fn print(_: &[String]) -> Outcome {
    let mut out = io::stdout();
    // No end of line: Rust's standard output keeps this back, on a terminal as on a pipe. C and
    // Python keep whole lines back too as soon as it is a pipe.
    write!(out, "before ")?;
    // Empty every buffer before fork, or both processes write what is in it.
    out.flush()?;
    let child = start(|| Ok(writeln!(io::stdout(), "child")?))?;
    reap(child)?;
    writeln!(out, "parent")?;
    Ok(())
}

/// This very program, with a pipe for its output.
pub(crate) fn run() -> Outcome {
    let mut command = Command::new(std::env::current_exe()?);
    let done = command.arg("print").stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&done.stdout);
    let (times, bytes) = (text.matches("before").count(), text.len());
    writeln!(io::stdout(), "printed once before fork, in the pipe: {times} times, {bytes} bytes")?;
    Ok(())
}
