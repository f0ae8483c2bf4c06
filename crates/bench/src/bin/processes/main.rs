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

use std::io::{Stdout, Write};
use std::process::ExitCode;
use std::time::Duration;

use bench::command::{Command, Effort, Own};
use bench::machine;
use bench::{Gate, pair};
use case::{Case, Row};
use cli::Outcome;

const HELP: &str = "\
What processes and their talk cost: start and join, a pipe, a queue, a semaphore, a pool, beside
bare system calls and beside CPython's multiprocessing.

  cargo run --release -p bench --bin processes
      about a minute, on a machine that has nothing else to do
  --quick  a few seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
";

const COMMAND: Command =
    Command { start: "cargo run --release -p bench --bin processes", help: HELP };

/// How much is measured.
struct Work {
    repetitions: u32,
    batches: u32,
}

const FULL: Effort<Work> = Effort {
    patience: Duration::from_secs(10),
    limit: 300,
    work: Work { repetitions: 9, batches: 12 },
};
const QUICK: Effort<Work> =
    Effort { patience: Duration::ZERO, limit: 60, work: Work { repetitions: 1, batches: 2 } };

fn main() -> ExitCode {
    cli::exit("processes", run())
}

fn run() -> Outcome {
    let measurement = COMMAND.read([FULL, QUICK], |_, _| Ok(Own::Unknown))?;
    measurement.map_or(Ok(()), |measurement| measurement.run(measure))
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut Stdout, gate: &mut Gate, effort: &Work) -> Outcome<usize> {
    let mut rows = Vec::new();
    // Two processors first: a pinned process cannot unpin its children without asking who else
    // is allowed where.
    for case in Case::ALL.into_iter().filter(|case| !case.is_pinned()) {
        rows.push(repeat(out, case, effort, gate)?);
    }
    machine::pin()?;
    for case in Case::ALL.into_iter().filter(|case| case.is_pinned()) {
        rows.push(repeat(out, case, effort, gate)?);
    }
    report::table(out, &rows)?;
    let failed = report::verdicts(out, &rows)?;
    Ok(failed)
}

/// All repetitions of a case. Each makes its sides anew, so that no lucky address lives on.
fn repeat(out: &mut impl Write, case: Case, effort: &Work, gate: &mut Gate) -> Outcome<Row> {
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
