//! The notes' own case: ten tasks, four workers.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::thread::sleep;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::unistd::getpid;
use process::{Deadline, Pool};

/// The notes sleep for two seconds.
const TASK: Duration = Duration::from_millis(50);

/// Runs in a worker. What it returns goes to the parent as bytes.
fn work(number: u32) -> (u32, i32) {
    sleep(TASK);
    (number * number, getpid().as_raw())
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();

    // The function has to be there before the pool. Four workers are forked in this line, each a
    // copy of this program; what is defined later, none of them would know. So here the function
    // is part of the pool, and what is submitted is its argument.
    let pool = Pool::new(4, work)?;
    let workers: BTreeSet<i32> = pool.pids().iter().map(|pid| pid.as_raw()).collect();

    let start = Instant::now();
    // apply_async: it is in the queue, and we have something to ask for the result.
    let tasks: Vec<_> = (0..10).map(|number| pool.submit(number)).collect();
    let submitted = start.elapsed();
    // Which worker gets which task is not defined, and neither is who is done first.
    let mut squares = Vec::new();
    let mut used = BTreeSet::new();
    for task in &tasks {
        let (square, pid) = task.get(Deadline::Never)?;
        squares.push(square);
        used.insert(pid);
    }
    let took = start.elapsed();
    // No more tasks, and then: wait until the workers have gone.
    pool.close().join()?;

    writeln!(out, "ten tasks of {} ms, workers {workers:?}", TASK.as_millis())?;
    writeln!(out, "  all were submitted before the first could end: {}", submitted < TASK)?;
    writeln!(out, "  results {squares:?}")?;
    writeln!(
        out,
        "  processes that did them: {}, all of the pool: {}",
        used.len(),
        used == workers
    )?;
    // Four at a time are three rounds: 4, 4, 2. One by one it would be ten.
    let rounds = [3, 10].map(|count| took >= TASK * count);
    writeln!(out, "  they took 3 rounds or more: {}, 10: {}", rounds[0], rounds[1])?;
    Ok(())
}
