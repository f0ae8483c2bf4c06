//! What it costs a program to be traced: at full speed, step by step, and as the stage does it, each
//! beside the same program alone, beside a tracer that does nothing, and beside `strace -f`, where
//! there is one.
//!
//!     cargo run -p bench --bin tracing
//!
//! - without --release, because that is how the stage runs: the workspace's profile optimises the
//!   tracer in every build, and only this one has the line tables that a step is told by;
//! - the program is this one again ([`work`]): it makes so many calls and says what one took, so
//!   that its start is not measured;
//! - each repetition waits until the machine is idle and runs all ways in turns; a verdict is made
//!   from the median of the ratios to the bare tracer in the same repetition;
//! - the demos are measured whole: the time to the first step on the screen, and to the last;
//! - exit status: 0, with --check 1 if a verdict failed, 2 for a mistake in the arguments.

mod bare;
mod demos;
mod report;
mod way;
mod work;

use std::io::{Stdout, Write};
use std::process::ExitCode;
use std::time::Duration;

use bench::Gate;
use bench::command::{Command, Effort, Own};
use cli::Outcome;
use lexopt::ValueExt;
use report::Row;
use way::Way;
use work::Work;

const HELP: &str = "\
What it costs a program to be traced: per call, beside the program alone, a tracer that does nothing,
and strace; the time to the first step of a demo, and to its last.

  cargo run -p bench --bin tracing
      about two minutes, on a machine that has nothing else to do
  --quick  a few seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
";

const COMMAND: Command = Command { start: "cargo run -p bench --bin tracing", help: HELP };

/// How much is measured.
struct Amount {
    repetitions: u32,
    /// Operations in one run of the program under a tracer; alone it makes fifty times as many.
    operations: u32,
    /// Whether the demos are run to their ends.
    whole: bool,
}

const FULL: Effort<Amount> = Effort {
    patience: Duration::from_secs(10),
    limit: 600,
    work: Amount { repetitions: 9, operations: 1000, whole: true },
};
const QUICK: Effort<Amount> = Effort {
    patience: Duration::ZERO,
    limit: 60,
    work: Amount { repetitions: 1, operations: 100, whole: false },
};

fn main() -> ExitCode {
    cli::exit("tracing", run())
}

fn run() -> Outcome {
    let measurement = COMMAND.read([FULL, QUICK], |name, args| {
        // What the program is called with by itself.
        if name != "work" {
            return Ok(Own::Unknown);
        }
        let usage = |mistake: lexopt::Error| COMMAND.usage(mistake);
        let name = args.value().and_then(ValueExt::string).map_err(usage)?;
        let work = Work::ALL.into_iter().find(|work| work.name() == name);
        let work = work.ok_or_else(|| COMMAND.usage("no such work"))?;
        let times = args.value().and_then(|times| times.parse()).map_err(usage)?;
        work.run(times).map(|()| Own::Done)
    })?;
    measurement.map_or(Ok(()), |measurement| measurement.run(measure))
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut Stdout, gate: &mut Gate, effort: &Amount) -> Outcome<usize> {
    let ways: Vec<Way> = Way::ALL.into_iter().filter(|way| way.is_there()).collect();
    for way in Way::ALL.into_iter().filter(|way| !ways.contains(way)) {
        writeln!(out, "SKIPPED {way}: there is no strace, or one that cannot do that")?;
    }
    let mut rows = Vec::new();
    for work in Work::ALL {
        let mut row = Row::new(work);
        for repetition in 0..effort.repetitions {
            gate.wait();
            let mut turn = ways.clone();
            if repetition % 2 == 1 {
                turn.reverse();
            }
            let mut took = Vec::new();
            for way in turn {
                took.push((way, way.run(work, effort.operations)?));
            }
            row.repetitions.push(took);
        }
        rows.push(row);
    }
    report::table(out, &rows)?;
    demos::measure(out, gate, effort.repetitions, effort.whole)?;
    let failed = report::verdicts(out, &rows)?;
    Ok(failed)
}
