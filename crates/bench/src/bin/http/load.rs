//! One sample of the closed loop: what a server answers within a moment, and what that costs it.

use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::unistd::Pid;

use crate::case::{Figure, Sample};
use crate::crowd::{Crowd, Question, Tally};
use crate::fresh::Fresh;
use crate::usage::{Group, own_cpu};
use crate::wire::Keep;

/// Everything has its place in the caches then.
const WARM: Duration = Duration::from_millis(50);

/// What is known at one moment.
struct Moment {
    at: Instant,
    answers: u64,
    bytes: u64,
    server: f64,
    generator: f64,
}

impl Moment {
    fn now(group: &Group, tally: &Tally) -> Self {
        let (answers, bytes) = (tally.answers.load(Relaxed), tally.bytes.load(Relaxed));
        let (server, generator) = (group.cpu(), own_cpu());
        Self { at: Instant::now(), answers, bytes, server, generator }
    }

    fn sample(&self, before: &Self, threads: usize) -> Sample {
        let wall = (self.at - before.at).as_secs_f64();
        let answers = number(self.answers - before.answers);
        let bytes = number(self.bytes - before.bytes);
        let server = self.server - before.server;
        let busy = (self.generator - before.generator) / wall / number(threads as u64);
        vec![
            (Figure::Rate, answers / wall),
            (Figure::PerCpu, answers / server),
            (Figure::Cpu, server / answers * 1e6),
            (Figure::Megabytes, bytes / 1e6 / wall),
            (Figure::MegabytesPerCpu, bytes / 1e6 / server),
            (Figure::Busy, busy * 100.0),
        ]
    }
}

/// What one thread does.
enum Clients<'q> {
    Stay(Crowd<'q>),
    Leave(Fresh<'q>),
}

impl<'q> Clients<'q> {
    fn gather(question: &'q Question, keep: Keep, connections: usize) -> Outcome<Self> {
        Ok(match keep {
            Keep::Alive => Self::Stay(Crowd::gather(question, connections)?),
            Keep::Close => Self::Leave(Fresh::new(question, connections)),
        })
    }

    fn run(self, tally: &Tally) -> Outcome {
        match self {
            Self::Stay(crowd) => crowd.run(tally),
            Self::Leave(fresh) => fresh.run(tally),
        }
    }
}

/// By so many threads of this process, each with its share of the connections.
pub(crate) fn load(
    question: &Question,
    keep: Keep,
    (connections, threads): (usize, usize),
    server: Pid,
    window: Duration,
) -> Outcome<Sample> {
    let threads = threads.min(connections);
    let shares = (0..threads).map(|n| (connections + n) / threads);
    let clients = shares.map(|share| Clients::gather(question, keep, share));
    let clients: Vec<_> = clients.collect::<Outcome<_>>()?;
    let tally = Tally::default();
    thread::scope(|scope| {
        let tally = &tally;
        let spawn = |clients| scope.spawn(move || Clients::run(clients, tally));
        let running: Vec<_> = clients.into_iter().map(spawn).collect();
        thread::sleep(WARM);
        // Now there is a child for each connection, where there is one.
        let group = Group::of(server);
        let measured = group.map(|group| {
            let before = Moment::now(&group, tally);
            thread::sleep(window);
            Moment::now(&group, tally).sample(&before, threads)
        });
        tally.over.store(true, Relaxed);
        for thread in running {
            thread.join().map_err(|_| "the generator has panicked")??;
        }
        measured
    })
}

/// Counts are below 2^52.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}
