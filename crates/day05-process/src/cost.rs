//! What a process costs, beside a thread.

use std::io::{self, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use process::{Deadline, Process};

const ROUNDS: usize = 101;

/// For: processes use all processors, cannot damage each other's memory, and the end of one is
/// not the end of the others. Against: this. Hence pools, which keep them (day 6), and threads
/// (day 7).
pub(crate) fn run() -> Outcome {
    // Turn by turn, so that whatever else this machine does hits both. A process has to be made
    // while there is no other thread: a joined one is gone.
    let (mut processes, mut threads) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let mut process = Process::new(|| 0).start()?;
        process.join(Deadline::Never)?;
        processes.push(start.elapsed());

        let start = Instant::now();
        let thread = thread::Builder::new().spawn(|| 0)?;
        thread.join().map_err(|_| "the thread panicked")?;
        threads.push(start.elapsed());
    }
    let (process, thread) = (median(processes), median(threads));
    let mut out = io::stdout();
    writeln!(out, "start and join, median of {ROUNDS}:")?;
    writeln!(out, "  a process {} us, a thread {} us", process.as_micros(), thread.as_micros())?;
    writeln!(out, "  the process costs more: {}", process > thread)?;
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
