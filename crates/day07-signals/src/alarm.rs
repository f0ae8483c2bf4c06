//! alarm(2): SIGALRM after so many seconds. A process has one such timer.

use std::io::{self, Read as _, Write as _};
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::unistd::alarm;
use process::Deadline;

use crate::child::{hear, start};

pub(crate) fn run() -> Outcome {
    let begin = Instant::now();
    let (mut child, mut line) = start(|mut line| {
        let first = alarm::set(1000);
        // It takes the place of the first one and tells what was left of that. No fraction: alarm
        // counts in seconds. setitimer(2) is the same timer in microseconds (`signals::alarm`),
        // and a timerfd is one without a signal, of which there may be many (`signals::Timer`).
        let second = alarm::set(1);
        // Handled by nobody. "alarm ends the process" is true of the signal's default action;
        // alarm itself starts a clock and returns at once.
        let said = format!("alarm(1000) gives {first:?}, then alarm(1) gives {}", text(second));
        line.write_all(said.as_bytes())?;
        hear(line)?;
        Ok(())
    })?;
    let mut told = String::new();
    line.read_to_string(&mut told)?;
    let end = child.join(Deadline::Never)?.map_or_else(String::new, |exit| exit.to_string());
    let after = begin.elapsed() >= Duration::from_secs(1);

    let mut out = io::stdout();
    writeln!(out, "{told}")?;
    writeln!(out, "  nobody handles it: {end}, not before its second was over: {after}")?;
    Ok(())
}

/// The rest of the first. It is 1000 unless the machine was very busy in between.
fn text(left: Option<u32>) -> String {
    match left {
        Some(901..=1000) => "what was left of 1000".into(),
        other => format!("{other:?}"),
    }
}
