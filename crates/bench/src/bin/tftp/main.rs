//! Reading files: megabytes per second of capstone-tftp, by UDP beside other servers of TFTP, by TCP
//! beside nginx.
//!
//!     cargo run --release -p bench --bin tftp
//!
//! - the servers have one processor, their clients another one, in one thread of this program;
//! - one and the same client reads from all servers of a protocol, and writes nowhere: it counts. One
//!   read of each server in each case is compared byte by byte, before anything is measured;
//! - a repetition waits until the machine is idle; the servers take turns;
//! - a verdict is made from the median of the ratios within each repetition;
//! - a server that is not installed is named as SKIPPED;
//! - exit status: 0, with --check 1 if a verdict failed, 2 for a mistake in the arguments.

mod case;
mod crowd;
mod daemon;
mod fetch;
mod files;
mod peer;
mod report;
mod stream;
mod turns;

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
use daemon::Processors;
use files::Files;
use lexopt::{Parser, ValueExt};
use nix::unistd::Pid;
use peer::Peer;

const HELP: &str = "\
Reading files: megabytes per second of capstone-tftp, by UDP beside other servers of TFTP, by TCP
beside nginx. What is not on PATH is skipped: in.tftpd (tftp-hpa), atftpd, tftpd (the crate), nginx,
nc (OpenBSD's).

  cargo run --release -p bench --bin tftp
      some minutes, on a machine that has nothing else to do
  --quick  some seconds; shows that it runs, the figures mean little
  --check  exit status 1 if a verdict fails
  --only WORDS
      only the cases whose names contain this, such as 'blksize 1428' or 'windowsize'; there are also
      '64 clients' and 'TCP'
  serve epoll|iterative|fork|thread|pool|tftpd-hpa|atftpd|tftpd DIR PORT
      only that server, for a profiler
";

const COMMAND: Command = Command { start: "cargo run --release -p bench --bin tftp", help: HELP };

/// How much is measured.
struct Work {
    repetitions: usize,
    /// Bytes of the files.
    whole: usize,
    part: usize,
    huge: u64,
}

const FULL: Effort<Work> = Effort {
    patience: Duration::from_secs(15),
    limit: 900,
    work: Work { repetitions: 5, whole: 32 << 20, part: 1 << 20, huge: 1 << 30 },
};
const QUICK: Effort<Work> = Effort {
    patience: Duration::ZERO,
    limit: 120,
    work: Work { repetitions: 1, whole: 1 << 20, part: 64 << 10, huge: 64 << 20 },
};
/// Where memory is short. The page cache has to hold it.
const SHORT: u64 = 256 << 20;

fn main() -> ExitCode {
    cli::exit("tftp", run())
}

fn run() -> Outcome {
    let mut only = String::new();
    let measurement = COMMAND.read([FULL, QUICK], |name, args| {
        let mistake = |mistake: lexopt::Error| COMMAND.usage(mistake);
        match name {
            "only" => only = args.value().and_then(ValueExt::string).map_err(mistake)?,
            "serve" => return serve(args).map(|()| Own::Done),
            _ => return Ok(Own::Unknown),
        }
        Ok(Own::Taken)
    })?;
    let Some(measurement) = measurement else { return Ok(()) };
    measurement.run(|out, gate, effort| measure(out, gate, effort, &only))
}

fn serve(args: &mut Parser) -> Outcome {
    let mistake = |mistake: lexopt::Error| COMMAND.usage(mistake);
    let peer = Peer::named(&args.value().and_then(ValueExt::string).map_err(mistake)?)?;
    let place = PathBuf::from(args.value().map_err(mistake)?);
    let port = args.value().and_then(|port| port.parse()).map_err(mistake)?;
    peer.serve(&place, port)
}

/// Gives the number of verdicts that failed.
fn measure(out: &mut Stdout, gate: &mut Gate, work: &Work, only: &str) -> Outcome<usize> {
    let (servers, clients) = machine::last_two()?;
    let processors = Processors { servers, clients };
    machine::pin_to(Pid::this(), clients)?;
    writeln!(out, "servers on core {servers}, clients on core {clients}")?;
    let is_wanted = |case: &&Case| case.to_string().contains(only);
    let groups = Case::ALL.map(|group| group.iter().filter(is_wanted).copied().collect::<Vec<_>>());
    let (has_udp, has_tcp) = (groups.iter().any(|group| !group.is_empty()), "TCP".contains(only));
    if !has_udp && !has_tcp {
        return Err(Usage(format!("no case has {only:?} in its name")).into());
    }
    let huge = if available() < 2 * work.huge { work.huge.min(SHORT) } else { work.huge };
    let files = Files::new(work.whole, work.part, huge)?;
    let (repetitions, mut failed) = (work.repetitions, 0);
    if has_udp {
        let (daemons, mut rows) = (turns::start(out, &files, processors)?, Vec::new());
        for cases in &groups {
            rows.extend(turns::udp((cases, repetitions), &daemons, &files, gate)?);
        }
        report::udp(out, &rows)?;
        failed += report::udp_verdicts(out, &rows)?;
    }
    if has_tcp {
        let rows = turns::tcp(out, repetitions, &files, processors, gate)?;
        failed += report::tcp(out, &rows, huge)?;
    }
    Ok(failed)
}

/// Bytes that programs could have; none where nobody knows.
fn available() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() << 10
}
