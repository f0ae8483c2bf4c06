//! An hour of a server's life in a minute: so many requests of all kinds, in an order that a seed
//! decides, by some clients at once; some leave in the middle of an answer. Each answer that is waited
//! for is compared. Then the server must have as many descriptors and threads, and about as much
//! memory, as at the start.

mod client;
mod kind;

use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::unistd::{Pid, alarm};

use crate::files::Files;
use crate::peer::Peer;
use crate::place::Place;
use crate::report::grouped;
use crate::turns::Running;
use crate::usage::Group;
use client::Client;
use kind::Kind;

/// Seconds, after which something is broken.
const LIMIT: u32 = 3600;
/// Clients at once, each with a connection.
const CLIENTS: u64 = 8;
/// Of the large file.
const LARGE: usize = 256 << 10;
/// What has grown by less has found its size later than at the start; and each request that keeps an
/// allocation keeps more than a byte.
const SPARE: u64 = 1 << 20;
/// Of each thread: a worker of a large crew may have its first turn after the start.
const STACK: u64 = 32 << 10;
/// Files that threads have open who answer at the same time, which may be more of them than at the
/// start.
const KEPT: usize = 8;
/// Until those who have left are forgotten.
const FAREWELL: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(20);

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mixed {
    pub(crate) requests: u64,
    pub(crate) seed: u64,
}

/// What a server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holdings {
    descriptors: usize,
    threads: usize,
    memory: u64,
}

impl Holdings {
    fn of(server: Pid) -> Outcome<Self> {
        let group = Group::of(server)?;
        let (descriptors, threads, memory) =
            (group.descriptors(), group.threads(), group.resident());
        Ok(Self { descriptors, threads, memory })
    }

    /// More than at the start, when so many requests have been answered.
    fn leaks(self, start: Self, requests: u64) -> bool {
        self.descriptors > start.descriptors + KEPT
            || self.threads > start.threads
            || self.memory > start.memory + SPARE + self.threads as u64 * STACK + requests
    }
}

impl fmt::Display for Holdings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { descriptors, threads, memory } = self;
        write!(f, "{descriptors:6} descriptors {threads:6} threads {:10} KiB", memory >> 10)
    }
}

/// Of each of them.
pub(crate) fn all(servers: &[Peer], mixed: Mixed) -> Outcome {
    alarm::set(LIMIT);
    let (mut out, [_, place]) = (io::stdout(), Place::both()?);
    for &peer in servers {
        if !run(&mut out, peer, place, mixed)? {
            return Err(format!("{} does not end as it has begun", peer.title()).into());
        }
    }
    Ok(())
}

/// Whether it holds what it held.
fn run(out: &mut impl Write, peer: Peer, place: Place, mixed: Mixed) -> Outcome<bool> {
    let Mixed { requests, seed } = mixed;
    let files = Files::new(LARGE, 0)?;
    let server = Running::start(peer, &files, place)?;
    let title = peer.title();
    writeln!(out, "\n{title}: {} requests of mixed load, seed {seed}", grouped(requests))?;
    // Everything has been opened, allocated and started then that ever will be.
    let warm = Mixed { requests: (requests / 50).clamp(2000, 50_000), seed: !seed };
    many(warm, server.address(), &files)?;
    let start = settled(server.group(), None, requests)?;
    let began = Instant::now();
    let counts = many(mixed, server.address(), &files)?;
    let took = began.elapsed().as_secs_f64();
    let end = settled(server.group(), Some(start), requests)?;
    for (kind, count) in Kind::ALL.iter().zip(counts) {
        writeln!(out, "  {:10} {:>9}", kind.name(), grouped(count))?;
    }
    writeln!(out, "  start {start}\n  end   {end}")?;
    let is_kept = !end.leaks(start, requests);
    let word = if is_kept { "ok    " } else { "FAILED" };
    writeln!(out, "{word} what it holds at the end; every answer was right; {took:.0} s")?;
    Ok(is_kept)
}

/// What a server has when its last clients have been forgotten; without an expectation, when it has
/// the same twice.
fn settled(server: Pid, start: Option<Holdings>, requests: u64) -> Outcome<Holdings> {
    let (began, mut before) = (Instant::now(), None);
    loop {
        let now = Holdings::of(server)?;
        let is_settled = match start {
            Some(start) => !now.leaks(start, requests),
            None => before == Some(now),
        };
        if is_settled || began.elapsed() > FAREWELL {
            return Ok(now);
        }
        before = Some(now);
        thread::sleep(TICK);
    }
}

/// By all clients; how many requests of each kind there were.
fn many(mixed: Mixed, server: SocketAddr, files: &Files) -> Outcome<[u64; Kind::ALL.len()]> {
    let counts = [const { AtomicU64::new(0) }; Kind::ALL.len()];
    thread::scope(|scope| {
        let counts = &counts;
        let work = move |number: u64| {
            let share = (mixed.requests + number) / CLIENTS;
            let mut client = Client::new(server, files, mixed.seed.wrapping_add(number));
            let mut done = 0;
            while done < share {
                let (kind, asked) = client.ask(share - done)?;
                counts[kind as usize].fetch_add(asked, Relaxed);
                done += asked;
            }
            Outcome::Ok(())
        };
        let running: Vec<_> = (0..CLIENTS).map(|n| scope.spawn(move || work(n))).collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a client has panicked")?)
    })?;
    Ok(counts.map(AtomicU64::into_inner))
}
