//! What a wake-up costs with one active descriptor among many idle ones: select, poll, epoll and
//! mio behind our Poller, each beside a loop over the bare system call.
//!
//!     cargo run --release -p bench --bin wakeup
//!
//! - a repetition of a case: make both sides, wait until the machine is idle, then run them in
//!   turns; the cases take turns as well, so each sees all of the run;
//! - a verdict is made from the median of the ratios of the pairs, never from single times;
//! - it ends: the gate's patience is limited, and a wake-up that gets lost ends the program by
//!   SIGALRM (alarm(2)) instead of waiting for ever;
//! - exit status: 0, with --check 1 if a verdict failed, 2 for a mistake in the arguments.

mod plan;
mod raw;
mod report;
mod side;

use std::io::{Stdout, Write};
use std::process::ExitCode;
use std::time::Duration;

use bench::command::{Command, Effort, Own};
use bench::machine;
use bench::{Gate, pair};
use cli::Outcome;
use nix::sys::eventfd::{EfdFlags, EventFd};
use plan::{ACTIVE, cases};
use report::{Row, grouped};
use syscall::Context as _;

const HELP: &str = "\
What a wake-up costs: our Poller beside bare select, poll, epoll_wait, with 10 to 10,000 idle
descriptors and one active.

  cargo run --release -p bench --bin wakeup
      about half a minute, on a machine that has nothing else to do
  --quick  a few seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
";

/// Idle descriptors.
const COUNTS: [usize; 4] = [10, 100, 1_000, 10_000];
/// Descriptors for the largest count, and some for everything else.
const DESCRIPTORS: u64 = 10_100;

const COMMAND: Command = Command { start: "cargo run --release -p bench --bin wakeup", help: HELP };

/// How much is measured.
struct Work {
    repetitions: u32,
    batches: u32,
}

const FULL: Effort<Work> = Effort {
    patience: Duration::from_secs(8),
    limit: 180,
    work: Work { repetitions: 15, batches: 20 },
};
const QUICK: Effort<Work> =
    Effort { patience: Duration::ZERO, limit: 60, work: Work { repetitions: 2, batches: 4 } };

fn main() -> ExitCode {
    cli::exit("wakeup", run())
}

fn run() -> Outcome {
    let measurement = COMMAND.read([FULL, QUICK], |_, _| Ok(Own::Unknown))?;
    measurement.map_or(Ok(()), |measurement| measurement.run(measure))
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut Stdout, gate: &mut Gate, effort: &Work) -> Outcome<usize> {
    let cpu = machine::pin()?;
    let Work { repetitions, batches } = effort;
    writeln!(out, "pinned to core {cpu}; {repetitions} x {batches} batches for each side")?;
    let counts = counts(out)?;

    // First of all: select needs the low numbers.
    let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
    let needed = counts.last().map_or(0, |idle| idle + ACTIVE);
    let all = (0..needed).map(|_| EventFd::from_flags(flags).call("eventfd"));
    let all = all.collect::<syscall::Result<Vec<_>>>()?;
    let cases = cases(&counts, &all).into_iter();
    let mut rows: Vec<_> = cases.map(|case| Row { case, pairs: Vec::new() }).collect();

    for repetition in 0..effort.repetitions {
        for row in &mut rows {
            let (mut raw, mut ours) = row.case.sides(&all, repetition % 2 == 1)?;
            gate.wait();
            row.pairs.push(pair(&mut *raw, &mut *ours, effort.batches)?);
        }
    }
    report::table(out, &rows)?;
    writeln!(out, "select ends at number 1,023. (no wait) is the same loop on both sides.")?;
    let failed = report::verdicts(out, &rows)?;
    Ok(failed)
}

/// The counts that the limit of descriptors leaves room for; says which one it does not.
fn counts(out: &mut impl Write) -> Outcome<Vec<usize>> {
    let limit = machine::descriptors(DESCRIPTORS)?;
    let room = usize::try_from(limit).unwrap_or(usize::MAX);
    let spare = 100 - ACTIVE;
    let (fit, skipped): (Vec<_>, Vec<_>) =
        COUNTS.into_iter().partition(|idle| idle + ACTIVE + spare <= room);
    for idle in skipped {
        writeln!(
            out,
            "SKIPPED {} idle descriptors: the hard limit is {limit} (ulimit -Hn)",
            grouped(idle)
        )?;
    }
    if fit.is_empty() {
        return Err(format!("no room for {} descriptors (ulimit -Hn)", COUNTS[0] + 100).into());
    }
    Ok(fit)
}
