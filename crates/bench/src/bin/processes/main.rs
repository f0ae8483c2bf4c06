//! What processes and their talk cost: each beside bare system calls, and beside CPython's
//! `multiprocessing` where there is a python3.
//!
//!     cargo run --release -p bench --bin processes
//!
//! - a case is one operation, done by our crates, by a loop over system calls, and by Python; each
//!   repetition waits until the machine is idle and runs the sides in turns;
//! - what needs two processes at work at the same time is measured on two processors, everything
//!   else on one, where a hand-over costs least and so hides least;
//! - a verdict is made from the median of the ratios of the pairs;
//! - exit status: 0, with --check 1 if a verdict failed, 2 for a mistake in the arguments.

mod case;
mod locks;
mod pipes;
mod pools;
mod python;
mod queues;
mod raw;
mod report;
mod starts;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bench::machine::{self, Machine};
use bench::{Gate, pair};
use case::{Case, Row};
use cli::{Outcome, Usage};
use lexopt::Arg;
use nix::unistd::alarm;

const HELP: &str = "\
What processes and their talk cost: start and join, a pipe, a queue, a semaphore, a pool, beside
bare system calls and beside CPython's multiprocessing.

  cargo run --release -p bench --bin processes
      about a minute, on a machine that has nothing else to do
  --quick  a few seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
";

/// How much is measured.
struct Effort {
    repetitions: u32,
    batches: u32,
    /// See [`Gate::new`].
    patience: Duration,
    /// After so many seconds something is broken.
    limit: u32,
}

const FULL: Effort =
    Effort { repetitions: 9, batches: 12, patience: Duration::from_secs(10), limit: 300 };
const QUICK: Effort = Effort { repetitions: 1, batches: 2, patience: Duration::ZERO, limit: 60 };

fn main() -> ExitCode {
    cli::exit("processes", run())
}

fn run() -> Outcome {
    let (mut effort, mut check) = (FULL, false);
    let mut args = lexopt::Parser::from_env();
    let usage = |mistake: &str| {
        Usage(format!("{mistake} (try: cargo run --release -p bench --bin processes -- --help)"))
    };
    while let Some(arg) = args.next().map_err(|e| usage(&e.to_string()))? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => {
                return Ok(io::stdout().write_all(HELP.as_bytes())?);
            }
            Arg::Long("quick") => effort = QUICK,
            Arg::Long("check") => check = true,
            other => return Err(usage(&other.unexpected().to_string()).into()),
        }
    }
    let failed = measure(&mut io::stdout(), &effort)?;
    match (check, failed) {
        (true, 1) => Err("a verdict failed".into()),
        (true, 2..) => Err(format!("{failed} verdicts failed").into()),
        _ => Ok(()),
    }
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut impl Write, effort: &Effort) -> Outcome<usize> {
    // A hand-over that gets lost ends the program by SIGALRM (alarm(2)) instead of never.
    alarm::set(effort.limit);
    let start = Instant::now();
    writeln!(out, "{}", Machine::look())?;
    if cfg!(debug_assertions) {
        writeln!(out, "built without --release: the ratios say nothing")?;
    }
    let mut gate = Gate::new(effort.patience);
    let mut rows = Vec::new();
    // Two processors first: a pinned process cannot unpin its children without asking who else
    // is allowed where.
    for case in Case::ALL.into_iter().filter(|case| !case.is_pinned()) {
        rows.push(repeat(out, case, effort, &mut gate)?);
    }
    machine::pin()?;
    for case in Case::ALL.into_iter().filter(|case| case.is_pinned()) {
        rows.push(repeat(out, case, effort, &mut gate)?);
    }
    report::table(out, &rows)?;
    let failed = report::verdicts(out, &rows)?;
    let (noisy, waits, seconds) = (gate.noisy(), gate.waits(), start.elapsed().as_secs());
    let word = if noisy == 0 { "quiet" } else { "noisy" };
    writeln!(
        out,
        "\n{word}: {noisy} of {waits} repetitions began on a busy machine; {seconds} s in all"
    )?;
    Ok(failed)
}

/// All repetitions of a case. Each makes its sides anew, so that no lucky address lives on.
fn repeat(out: &mut impl Write, case: Case, effort: &Effort, gate: &mut Gate) -> Outcome<Row> {
    let mut row = Row { case, raw: Vec::new(), python: Vec::new() };
    for repetition in 0..effort.repetitions {
        if let Some(mut raw) = case.raw()? {
            let mut ours = case.ours()?;
            gate.wait();
            row.raw.push(pair(&mut *raw, &mut *ours, effort.batches)?);
        }
        match python::side(case)? {
            Some(mut python) => {
                let mut ours = case.ours()?;
                gate.wait();
                row.python.push(pair(&mut *python, &mut *ours, effort.batches.div_ceil(4))?);
            }
            None if repetition == 0 => {
                writeln!(out, "SKIPPED {case} beside Python: there is no python3")?;
            }
            None => {}
        }
    }
    Ok(row)
}
