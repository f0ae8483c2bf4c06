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

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bench::machine::{self, Machine};
use bench::{Gate, pair};
use cli::{Outcome, Usage};
use lexopt::Arg;
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::alarm;
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
    Effort { repetitions: 15, batches: 20, patience: Duration::from_secs(8), limit: 180 };
const QUICK: Effort = Effort { repetitions: 2, batches: 4, patience: Duration::ZERO, limit: 60 };

fn main() -> ExitCode {
    cli::exit("wakeup", run())
}

fn run() -> Outcome {
    let (mut effort, mut check) = (FULL, false);
    let mut args = lexopt::Parser::from_env();
    let usage = |mistake: &str| {
        Usage(format!("{mistake} (try: cargo run --release -p bench --bin wakeup -- --help)"))
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
    alarm::set(effort.limit);
    let start = Instant::now();
    writeln!(out, "{}", Machine::look())?;
    let cpu = machine::pin()?;
    let Effort { repetitions, batches, .. } = effort;
    writeln!(out, "pinned to core {cpu}; {repetitions} x {batches} batches for each side")?;
    if cfg!(debug_assertions) {
        writeln!(out, "built without --release: the ratios say nothing")?;
    }
    let counts = counts(out)?;

    // First of all: select needs the low numbers.
    let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
    let needed = counts.last().map_or(0, |idle| idle + ACTIVE);
    let all = (0..needed).map(|_| EventFd::from_flags(flags).call("eventfd"));
    let all = all.collect::<syscall::Result<Vec<_>>>()?;
    let cases = cases(&counts, &all).into_iter();
    let mut rows: Vec<_> = cases.map(|case| Row { case, pairs: Vec::new() }).collect();

    let mut gate = Gate::new(effort.patience);
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
    let (noisy, waits, seconds) = (gate.noisy(), gate.waits(), start.elapsed().as_secs());
    let word = if noisy == 0 { "quiet" } else { "noisy" };
    writeln!(
        out,
        "\n{word}: {noisy} of {waits} repetitions began on a busy machine; {seconds} s in all"
    )?;
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
