//! 1 KiB, 10 MiB and 1 GiB by HTTP: capstone-http in its five models beside nginx, lighttpd, python3's
//! http.server and a server of hyper that answers from memory.
//!
//!     cargo run --release -p bench --bin http
//!
//! - first the servers have one processor, and the generator, a thread of this program, another one;
//!   then both share two;
//! - the generator looks at the status and the length of each answer. One answer of each server is
//!   compared byte by byte before anything is measured. How much of its time it works is told: below
//!   one hundred percent it waits for the server;
//! - the processor's time is what the kernel counts for all processes of a server;
//! - a repetition waits until the machine is idle; the servers take turns;
//! - a ratio is the median of the ratios within each repetition;
//! - a server that is not installed is named as SKIPPED;
//! - exit status: 0, with --check 1 if a verdict failed, 2 for a mistake in the arguments.

mod case;
mod chart;
mod check;
mod conf;
mod crowd;
mod files;
mod fresh;
mod hyper;
mod idle;
mod load;
mod mixed;
mod peer;
mod place;
mod report;
mod socket;
mod tempo;
mod turns;
mod usage;
mod wire;

use std::fs;
use std::io::{Stdout, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bench::Gate;
use bench::command::{Command, Effort, Own};
use bench::machine;
use case::Case;
use cli::{Outcome, Usage};
use files::Files;
use lexopt::{Parser, ValueExt};
use mixed::Mixed;
use peer::Peer;
use place::Place;
use turns::Work;

const HELP: &str = "\
1 KiB, 10 MiB and 1 GiB by HTTP: capstone-http in its five models beside nginx, lighttpd, python3's
http.server and a server of hyper that answers from memory. What is not on PATH is skipped.

  cargo run --release -p bench --bin http
      some minutes, on a machine that has nothing else to do
  --quick  some seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
  --only WORDS
      only the cases whose names contain this: keep-alive 1, keep-alive 64, keep-alive 1,000, close,
      10 MiB, 1 GiB, latency, idle; 'apart' or 'together' before it for one of the two tables
  --servers NAMES
      only these, with commas between them: nginx, nginx-cache, lighttpd, python3, hyper, epoll,
      iterative, fork, thread, pool
  --markdown
      the tables once more, in Markdown
  --svg FILE
      a chart of the first table
  --mixed [N]
      instead: N requests of mixed load to ours (a million; --servers, else epoll), each answer looked
      at, and then its descriptors, threads and memory; exit status 1 on a wrong answer or a leak
  --seed N
      which mixed load
  serve NAME DIR PORT WORKERS
      only that server, for a profiler
";

const COMMAND: Command = Command { start: "cargo run --release -p bench --bin http", help: HELP };

const FULL: Effort<Work> = Effort {
    patience: Duration::from_secs(20),
    limit: 900,
    work: Work {
        repetitions: 5,
        window: Duration::from_millis(400),
        idle: 10_000,
        large: 10 << 20,
        huge: 1 << 30,
    },
};
const QUICK: Effort<Work> = Effort {
    patience: Duration::ZERO,
    limit: 120,
    work: Work {
        repetitions: 1,
        window: Duration::from_millis(50),
        idle: 200,
        large: 1 << 20,
        huge: 64 << 20,
    },
};

/// An hour's worth.
const MIXED: u64 = 1_000_000;

/// What was asked for.
struct Choice {
    only: String,
    servers: Vec<Peer>,
    markdown: bool,
    svg: Option<PathBuf>,
    mixed: Option<u64>,
    seed: u64,
}

fn main() -> ExitCode {
    cli::exit("http", run())
}

fn run() -> Outcome {
    let servers = Peer::ALL.to_vec();
    let mut choice =
        Choice { only: String::new(), servers, markdown: false, svg: None, mixed: None, seed: 9 };
    let measurement = COMMAND.read([FULL, QUICK], |name, args| {
        let mistake = |mistake: lexopt::Error| COMMAND.usage(mistake);
        match name {
            "only" => choice.only = args.value().and_then(ValueExt::string).map_err(mistake)?,
            "servers" => {
                let names = args.value().and_then(ValueExt::string).map_err(mistake)?;
                choice.servers = names.split(',').map(Peer::named).collect::<Outcome<_>>()?;
            }
            "markdown" => choice.markdown = true,
            "svg" => choice.svg = Some(args.value().map_err(mistake)?.into()),
            "mixed" => choice.mixed = Some(count(args).map_err(mistake)?.unwrap_or(MIXED)),
            "seed" => choice.seed = args.value().and_then(|seed| seed.parse()).map_err(mistake)?,
            "serve" => return serve(args).map(|()| Own::Done),
            _ => return Ok(Own::Unknown),
        }
        Ok(Own::Taken)
    })?;
    let Some(measurement) = measurement else { return Ok(()) };
    if let Some(requests) = choice.mixed {
        // The event loop, if nobody else was named.
        let all = if choice.servers == Peer::ALL { vec![Peer::EPOLL] } else { choice.servers };
        let ours: Vec<Peer> = all.into_iter().filter(|peer| peer.is_ours()).collect();
        return mixed::all(&ours, Mixed { requests, seed: choice.seed });
    }
    measurement.run(|out, gate, work| measure(out, gate, work, &choice))
}

/// A number that may be left out.
fn count(args: &mut Parser) -> Result<Option<u64>, lexopt::Error> {
    let is_next = |raw: &std::ffi::OsStr| raw.as_encoded_bytes().iter().all(u8::is_ascii_digit);
    let is_there = args.try_raw_args().is_some_and(|raw| raw.peek().is_some_and(is_next));
    if is_there { args.value()?.parse().map(Some) } else { Ok(None) }
}

fn serve(args: &mut Parser) -> Outcome {
    let mistake = |mistake: lexopt::Error| COMMAND.usage(mistake);
    let peer = Peer::named(&args.value().and_then(ValueExt::string).map_err(mistake)?)?;
    let place = PathBuf::from(args.value().map_err(mistake)?);
    let port = args.value().and_then(|port| port.parse()).map_err(mistake)?;
    let workers = args.value().and_then(|workers| workers.parse()).map_err(mistake)?;
    machine::descriptors((2 * peer::MANY) as u64)?;
    peer.serve(&place, port, workers)
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut Stdout, gate: &mut Gate, work: &Work, choice: &Choice) -> Outcome<usize> {
    let files = Files::new(work.large, work.huge)?;
    machine::descriptors((peer::MANY + 200) as u64)?;
    let (mut failed, mut found) = (0, false);
    for place in Place::both()? {
        let words = choice.only.strip_prefix(place.name()).unwrap_or(&choice.only).trim_start();
        let is_wanted = |case: &Case| case.to_string().contains(words);
        let cases: Vec<Case> = Case::all(place).into_iter().filter(is_wanted).collect();
        if cases.is_empty() {
            continue;
        }
        found = true;
        writeln!(out, "\n{place}")?;
        let servers = turns::start(out, &files, place, &choice.servers)?;
        let rows = turns::measure(&cases, &servers, (place, &files, work), gate)?;
        report::table(out, &rows)?;
        if choice.markdown {
            report::markdown(out, &rows)?;
        }
        if !place.together {
            failed += report::verdicts(out, &rows)?;
            if let Some(path) = &choice.svg {
                fs::write(path, chart::svg(&rows))?;
            }
        }
    }
    if !found {
        return Err(Usage(format!("no case has {:?} in its name", choice.only)).into());
    }
    Ok(failed)
}
