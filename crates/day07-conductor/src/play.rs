//! One key after the other, each with its answer.

use std::io::{self, BufRead as _, BufReader, PipeReader, Write as _};

use cli::Outcome;
use nix::sys::signal::Signal;

/// What a terminal makes of a byte from its keyboard, unless it was told otherwise (stty).
const KEYS: [(&str, u8, Signal); 3] =
    [("^C", 0x03, Signal::SIGINT), ("^\\", 0x1c, Signal::SIGQUIT), ("^Z", 0x1a, Signal::SIGTSTP)];

/// Presses, and waits for what the two say: each key is pressed when the one before was answered.
pub(crate) fn play(
    lines: &mut BufReader<PipeReader>,
    mut press: impl FnMut(u8, Signal) -> Outcome,
) -> Outcome {
    let mut out = io::stdout();
    let first = next(lines)?;
    if first.is_empty() {
        return Err("the two have left before the ride".into());
    }
    write!(out, "{first}")?;
    for (name, byte, signal) in KEYS {
        press(byte, signal)?;
        let answer = next(lines)?;
        if answer.is_empty() {
            writeln!(out, "  {name}  no answer: both have gone")?;
            return Ok(());
        }
        write!(out, "  {name}  {answer}")?;
    }
    loop {
        let line = next(lines)?;
        if line.is_empty() {
            return Ok(());
        }
        write!(out, "      {line}")?;
    }
}

/// A line; nothing when both have closed their end.
fn next(lines: &mut BufReader<PipeReader>) -> io::Result<String> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    Ok(line)
}
