//! The chat's fan-out: deliveries per second of capstone-chat, beside a relay with one sendto per
//! member, as in C, and beside the same in Python.
//!
//!     cargo run --release -p bench --bin chat
//!
//! - the servers have one processor, all members another one, in one process of one thread;
//! - all servers get the same requests, and every byte that a member gets is compared with what
//!   was said: loss and order are counted, not believed;
//! - a sample is a burst; its receivers' buffers take all of it and are read afterwards. It waits
//!   until the machine is idle; the servers take turns;
//! - a verdict is made from the median of the ratios within each repetition;
//! - exit status: 0, with --check 1 if a verdict failed, 2 for a mistake in the arguments.

mod besides;
mod case;
mod crowd;
mod inbox;
mod member;
mod peer;
mod relay;
mod report;
mod room;
mod script;

use std::io::{Stdout, Write};
use std::process::ExitCode;
use std::time::Duration;

use bench::Gate;
use bench::command::{Command, Effort, Own};
use bench::machine;
use case::{Case, Row};
use cli::{Outcome, Usage};
use lexopt::ValueExt;
use nix::unistd::Pid;
use peer::Peer;
use room::Room;

const HELP: &str = "\
The chat's fan-out: deliveries per second of capstone-chat, beside one sendto per member as in C,
and beside the same in Python, with 50, 200 and 1,000 members.

  cargo run --release -p bench --bin chat
      about two minutes, on a machine that has nothing else to do
  --quick  some seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
  --only WORDS
      only the cases whose names contain this, such as '200 members'; there are also 'steady rate'
      and 'bad members'
  serve ours|sendto|Python
      only that server, at a port of the kernel's choice, for a profiler
";

const COMMAND: Command = Command { start: "cargo run --release -p bench --bin chat", help: HELP };

/// How much is measured.
struct Work {
    repetitions: usize,
    /// Bursts of a sample have so many receivers together.
    receivers: usize,
    /// Where it is not the members that are compared.
    members: usize,
    /// Of the steady rate.
    time: Duration,
}

const FULL: Effort<Work> = Effort {
    patience: Duration::from_secs(15),
    limit: 900,
    work: Work { repetitions: 7, receivers: 1_000, members: 1_000, time: Duration::from_secs(2) },
};
const QUICK: Effort<Work> = Effort {
    patience: Duration::ZERO,
    limit: 120,
    work: Work { repetitions: 1, receivers: 1, members: 200, time: Duration::from_millis(200) },
};

fn main() -> ExitCode {
    cli::exit("chat", run())
}

fn run() -> Outcome {
    let mut only = String::new();
    let measurement = COMMAND.read([FULL, QUICK], |name, args| {
        let mut value =
            || args.value().and_then(ValueExt::string).map_err(|mistake| COMMAND.usage(mistake));
        match name {
            "only" => only = value()?,
            "serve" => return Peer::named(&value()?)?.serve().map(|()| Own::Done),
            _ => return Ok(Own::Unknown),
        }
        Ok(Own::Taken)
    })?;
    let Some(measurement) = measurement else { return Ok(()) };
    measurement.run(|out, gate, effort| measure(out, gate, effort, &only))
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut Stdout, gate: &mut Gate, effort: &Work, only: &str) -> Outcome<usize> {
    // Three servers with a thousand members each, and some for everything else.
    let sockets = machine::descriptors(3_200)?;
    if sockets < 3_200 {
        return Err(format!("no room for 3,200 descriptors but {sockets} (ulimit -Hn)").into());
    }
    let (servers, members) = machine::last_two()?;
    machine::pin_to(Pid::this(), members)?;
    writeln!(out, "servers on core {servers}, members on core {members}")?;
    let mut rows = Vec::new();
    let cases: Vec<Case> =
        Case::ALL.into_iter().filter(|case| case.to_string().contains(only)).collect();
    let [steady, bad] = ["steady rate", "bad members"].map(|name| name.contains(only));
    if cases.is_empty() && !steady && !bad {
        return Err(Usage(format!("no case has {only:?} in its name")).into());
    }
    for case in cases {
        rows.push(repeat(case, effort, servers, gate)?);
    }
    let mut failed = 0;
    if !rows.is_empty() {
        report::table(out, &rows)?;
        failed += report::verdicts(out, &rows)?;
    }
    if !rows.is_empty() && rows.iter().all(|row| row.of(Peer::Python).next().is_none()) {
        writeln!(out, "SKIPPED Python: there is no python3")?;
    }
    let case = Case::new(effort.members, 1);
    if steady {
        failed += besides::paced(out, case, servers, effort.time, gate)?;
    }
    if bad {
        failed += besides::bad_members(out, case, servers, effort.repetitions, gate)?;
    }
    Ok(failed)
}

/// All repetitions of a case, each in another order of the servers.
fn repeat(case: Case, effort: &Work, processor: usize, gate: &mut Gate) -> Outcome<Row> {
    let mut rooms = Vec::new();
    for peer in Peer::ALL {
        if let Some(room) = Room::open(peer, case, processor)? {
            rooms.push((peer, room));
        }
    }
    let bursts = (effort.receivers * 64 / case.members / case.burst).max(1);
    let mut row = Row { case, samples: Vec::new() };
    for repetition in 0..effort.repetitions {
        gate.wait();
        let mut samples = Vec::new();
        let turn = repetition % rooms.len();
        rooms.rotate_left(turn);
        for (peer, room) in &mut rooms {
            samples.push((*peer, room.bursts(bursts)?));
        }
        rooms.rotate_right(turn);
        row.samples.push(samples);
    }
    Ok(row)
}
