//! The table of the notes, measured: pipe, queue and shared memory in one run on this machine.

use std::io::{self, Write as _};
use std::time::Duration;

use cli::Outcome;

use crate::ways;

const MESSAGES: u64 = 10_000;
/// A run of 10 000 would be over before the reader is awake.
const UPDATES: u64 = 1_000_000;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let pipe = rate(MESSAGES, ways::pipe(MESSAGES)?);
    writeln!(out, "numbers from a child to its parent: a second, and beside a pipe")?;
    let row = |what: &str, rate: f64, seen: &str| {
        writeln!(io::stdout(), "  {what:<32} {:>11} {:>6.1}  {seen}", round(rate), rate / pipe)
    };
    row("pipe", pipe, "all have come")?;
    row("POSIX message queue", rate(MESSAGES, ways::queue(MESSAGES)?), "all have come")?;
    let both_wait = rate(MESSAGES, ways::handshake(MESSAGES)?);
    row("shared memory, two semaphores", both_wait, "all have come")?;
    // The notes call shared memory fast and say that writes cover each other: this row is both.
    // With the waiting that makes it usable it is the row above.
    let (taken, seen) = ways::overwriting(UPDATES)?;
    let seen = format!("{seen} of {UPDATES} were seen");
    row("shared memory, nobody waits", rate(UPDATES, taken), &seen)?;
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "counts of a few millions are exact in an f64")]
fn rate(count: u64, taken: Duration) -> f64 {
    count as f64 / taken.as_secs_f64()
}

/// Two figures. A single run on a machine that does other things as well says no more than that.
#[allow(clippy::cast_possible_truncation, reason = "no machine makes 2^53 calls a second")]
fn round(rate: f64) -> i64 {
    let unit = 10_f64.powf(rate.log10().floor() - 1.0);
    ((rate / unit).round() * unit) as i64
}
