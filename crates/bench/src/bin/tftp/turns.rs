//! Who is there, and the repetitions: in each, one sample of every server.

use std::io::Write;

use bench::Gate;
use cli::Outcome;

use crate::case::{Case, Row};
use crate::crowd::{check, sample};
use crate::daemon::{Daemon, Processors};
use crate::files::Files;
use crate::peer::Peer;
use crate::stream::{self, Source};

/// The servers of UDP that there are.
pub(crate) type Daemons = Vec<(Peer, Daemon)>;

pub(crate) fn start(
    out: &mut impl Write,
    files: &Files,
    processors: Processors,
) -> Outcome<Daemons> {
    let mut daemons = Vec::new();
    for peer in Peer::UDP {
        match Daemon::start(peer, files, processors) {
            Ok(daemon) => daemons.push((peer, daemon)),
            Err(error) if peer == Peer::OURS => return Err(error),
            Err(why) => writeln!(out, "SKIPPED {}: {why}", peer.name())?,
        }
    }
    let names: Vec<_> = daemons[1..].iter().map(|(peer, _)| peer.name()).collect();
    writeln!(
        out,
        "UDP: ours beside {}",
        if names.is_empty() { "nobody".into() } else { names.join(", ") }
    )?;
    Ok(daemons)
}

/// All repetitions of some cases, each in another order of the servers.
pub(crate) fn udp(
    (cases, repetitions): (&[Case], usize),
    daemons: &Daemons,
    files: &Files,
    gate: &mut Gate,
) -> Outcome<Vec<Row>> {
    let mut rows: Vec<Row> = cases.iter().copied().map(Row::new).collect();
    let mut able = Vec::new();
    for row in &mut rows {
        let mut here = Vec::new();
        for (peer, daemon) in daemons {
            if row.had(*peer, check(row.case, daemon.udp, files))?.is_some() {
                here.push((*peer, daemon.udp));
            }
        }
        able.push(here);
    }
    for _ in 0..repetitions {
        for (row, able) in rows.iter_mut().zip(&mut able) {
            gate.wait();
            // One that fails once is not asked again.
            for (peer, server) in std::mem::take(able) {
                if let Some(sample) = row.had(peer, sample(row.case, server, files))? {
                    row.samples.push((peer, sample));
                    able.push((peer, server));
                }
            }
            let first = 1.min(able.len());
            able.rotate_left(first);
        }
    }
    Ok(rows)
}

/// The same for TCP.
pub(crate) fn tcp(
    out: &mut impl Write,
    repetitions: usize,
    files: &Files,
    processors: Processors,
    gate: &mut Gate,
) -> Outcome<Vec<stream::Row>> {
    let mut rows = Vec::new();
    for source in Source::all() {
        match stream::Row::open(source, files, processors) {
            Ok(row) => rows.push(row),
            Err(error) if matches!(source.peer, Peer::Ours(_)) => return Err(error),
            Err(why) => writeln!(out, "SKIPPED {}: {why}", source.text())?,
        }
    }
    for repetition in 0..repetitions {
        for turn in 0..rows.len() {
            gate.wait();
            let at = (repetition + turn) % rows.len();
            rows[at].sample(files, processors)?;
        }
    }
    Ok(rows)
}
