//! Who is there, and the repetitions: in each, one sample of every server.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use bench::daemon::{Daemon, free_address};
use bench::{Gate, median};
use cli::Outcome;
use nix::unistd::Pid;

use crate::case::{Case, Figure, Sample};
use crate::crowd::Question;
use crate::files::{Files, Name};
use crate::peer::Peer;
use crate::place::Place;
use crate::tempo::{latencies, moments};
use crate::wire::{self, Keep};
use crate::{check, idle, load};

/// Ports that are tried.
const TRIES: usize = 3;
/// Of what a server can do.
const SHARE: f64 = 0.7;
/// Nobody waits for so few answers.
const SLOW: f64 = 50.0;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    pub(crate) repetitions: usize,
    /// How long one sample is.
    pub(crate) window: Duration,
    /// Idle connections.
    pub(crate) idle: usize,
    /// Bytes of the large file, and of the huge one.
    pub(crate) large: usize,
    pub(crate) huge: u64,
}

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) peer: Peer,
    daemon: Daemon,
    address: SocketAddr,
}

/// A case and its repetitions.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) samples: Vec<(Peer, Sample)>,
    /// Who could not, and why.
    pub(crate) failed: Vec<(Peer, String)>,
}

impl Row {
    fn of(&self, peer: Peer, figure: Figure) -> impl Iterator<Item = f64> {
        let its = self.samples.iter().filter(move |(by, _)| *by == peer);
        its.flat_map(|(_, sample)| sample).filter(move |(of, _)| *of == figure).map(|(_, n)| *n)
    }

    /// NaN for what was not measured.
    pub(crate) fn median(&self, peer: Peer, figure: Figure) -> f64 {
        median(self.of(peer, figure))
    }

    /// The median of the ratios to nginx within each repetition.
    pub(crate) fn times(&self, peer: Peer, figure: Figure) -> f64 {
        median(self.of(peer, figure).zip(self.of(Peer::Nginx, figure)).map(|(a, b)| a / b))
    }
}

/// The servers that there are, each of which has given each file once, byte by byte.
pub(crate) fn start(
    out: &mut impl Write,
    files: &Files,
    place: Place,
    wanted: &[Peer],
) -> Outcome<Vec<Running>> {
    let mut all = Vec::new();
    for &peer in wanted {
        match Running::start(peer, files, place) {
            Ok(running) => all.push(running),
            Err(error) if peer.is_ours() => return Err(error),
            Err(why) => writeln!(out, "SKIPPED {}: {why}", peer.name())?,
        }
    }
    let names: Vec<_> = all.iter().map(|one| one.peer.title()).collect();
    writeln!(out, "servers: {}", names.join("; "))?;
    Ok(all)
}

impl Running {
    pub(crate) fn start(peer: Peer, files: &Files, place: Place) -> Outcome<Self> {
        if let Some(why) = peer.missing() {
            return Err(why.into());
        }
        for _ in 0..TRIES {
            let address = free_address()?;
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["serve", peer.name()]).arg(files.folder());
            command.args([address.port().to_string(), place.workers().to_string()]);
            let quiet = if peer.is_ours() { Stdio::inherit() } else { Stdio::null() };
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(quiet);
            let mut daemon = place.of_server(|| Ok(Daemon::start(&mut command)?))?;
            if daemon.until(|| check::small(address, files))? {
                if peer.has_files() {
                    check::large(address, files)?;
                }
                return Ok(Self { peer, daemon, address });
            }
        }
        Err("it ends at once".into())
    }

    pub(crate) fn group(&self) -> Pid {
        self.daemon.group()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn question(&self, name: Name, keep: Keep, files: &Files) -> Question {
        let (request, length) = (wire::request(name, keep), files.length(name));
        Question { server: self.address, request, length }
    }

    fn sample(&self, case: Case, place: Place, files: &Files, work: &Work) -> Outcome<Sample> {
        let (threads, server) = (place.workers(), self.group());
        let small = self.question(Name::Small, Keep::Alive, files);
        match case {
            Case::Load { name, keep, connections } => {
                let question = self.question(name, keep, files);
                load::load(&question, keep, (connections, threads), server, work.window)
            }
            Case::Latency { connections } => {
                let most = load::load(
                    &small,
                    Keep::Alive,
                    (connections, threads),
                    server,
                    work.window / 2,
                )?;
                let most = most.iter().find(|(figure, _)| *figure == Figure::Rate);
                let rate = SHARE * most.map_or(0.0, |(_, rate)| *rate);
                if rate < SLOW {
                    return Err(format!("it answers {rate:.0} requests in a second").into());
                }
                let took = latencies(&small, connections, &moments(rate, work.window, 9))?;
                let rank = |percent| {
                    let at = took.len().saturating_sub(1) * percent / 100;
                    took.get(at).map_or(f64::NAN, |one: &Duration| one.as_secs_f64() * 1e6)
                };
                Ok(vec![(Figure::Rate, rate), (Figure::P50, rank(50)), (Figure::P99, rank(99))])
            }
            Case::Idle => idle::idle(&small, self.peer.at_once().min(work.idle), server),
        }
    }
}

/// All repetitions, each in another order of the servers.
pub(crate) fn measure(
    cases: &[Case],
    servers: &[Running],
    (place, files, work): (Place, &Files, &Work),
    gate: &mut Gate,
) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    for &case in cases {
        let mut row = Row { case, samples: Vec::new(), failed: Vec::new() };
        let mut able: Vec<_> = servers.iter().filter(|one| case.is_for(one.peer)).collect();
        let repetitions = if case == Case::Idle { 1 } else { work.repetitions };
        for _ in 0..repetitions {
            for server in std::mem::take(&mut able) {
                gate.wait();
                match server.sample(case, place, files, work) {
                    Ok(sample) => row.samples.push((server.peer, sample)),
                    Err(error) if server.peer.is_ours() => {
                        return Err(format!("{}, {case}: {error}", server.peer.title()).into());
                    }
                    // One that fails once is not asked again.
                    Err(why) => {
                        row.failed.push((server.peer, why.to_string()));
                        continue;
                    }
                }
                able.push(server);
            }
            let first = 1.min(able.len());
            able.rotate_left(first);
        }
        rows.push(row);
    }
    Ok(rows)
}
