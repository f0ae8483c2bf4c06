//! One client or many at once, all in one thread, and what was measured of them.

use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::time::Instant;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use syscall::{Context as _, retry};

use crate::case::Case;
use crate::fetch::{Fetch, PATIENCE, ROOM, TICK};
use crate::files::{Files, Name};

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) bytes: usize,
    /// Seconds from the first request to the last byte.
    pub(crate) wall: f64,
    /// How often a client heard nothing and asked again.
    pub(crate) repeats: usize,
}

impl Sample {
    /// Millions of bytes per second.
    pub(crate) fn rate(&self) -> f64 {
        // Below four billion.
        f64::from(u32::try_from(self.bytes).unwrap_or(u32::MAX)) / 1e6 / self.wall
    }
}

/// One client, or all of them, from the request to the last byte.
pub(crate) fn sample(case: Case, server: SocketAddr, files: &Files) -> Outcome<Sample> {
    let (name, reads) = case.reads();
    let content = files.content(name);
    let begin = |_| Fetch::begin(server, name, case.ask, content);
    let start = Instant::now();
    let mut done = Vec::new();
    for _ in 0..reads {
        if case.clients == 1 {
            done.push(begin(0)?.alone(PATIENCE)?);
        } else {
            done.extend(together((0..case.clients).map(begin).collect::<Outcome<_>>()?)?);
        }
    }
    let wall = start.elapsed().as_secs_f64();
    let repeats = done.iter().map(|one| one.repeats).sum();
    Ok(Sample { bytes: content.len() * done.len(), wall, repeats })
}

/// One client reads a little, and each byte is compared.
pub(crate) fn check(case: Case, server: SocketAddr, files: &Files) -> Outcome {
    let content = files.content(Name::Part);
    let fetch = Fetch::begin(server, Name::Part, case.ask, content)?.thorough();
    fetch.alone(PATIENCE).map(drop)
}

/// Reads all of them to the end.
fn together(mut all: Vec<Fetch<'_>>) -> Outcome<Vec<Fetch<'_>>> {
    let mut done = Vec::new();
    let (mut room, tick) = (vec![0; ROOM], PollTimeout::try_from(TICK)?);
    for one in &all {
        one.socket.set_nonblocking(true)?;
    }
    while !all.is_empty() {
        let watched = all.iter().map(|one| PollFd::new(one.socket.as_fd(), PollFlags::POLLIN));
        let mut watched: Vec<_> = watched.collect();
        retry(|| poll(&mut watched, tick)).call("poll")?;
        let ready: Vec<bool> = watched.iter().map(|one| one.any() == Some(true)).collect();
        let now = Instant::now();
        // From behind, so that those that are done can be taken out.
        for (at, is_ready) in ready.into_iter().enumerate().rev() {
            if is_ready {
                all[at].take(&mut room)?;
            } else {
                all[at].look_at_the_clock(now)?;
            }
            if all[at].is_done()? {
                done.push(all.swap_remove(at));
            }
        }
    }
    Ok(done)
}
