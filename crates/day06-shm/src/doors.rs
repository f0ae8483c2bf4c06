//! A hall with two doors, a process at each, and one counter of visitors.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use cli::Outcome;

use crate::add::add;
use crate::map::Map;
use crate::worker::Worker;

const VISITORS: u64 = 200_000;

pub(crate) fn run() -> Outcome {
    let counter = Map::<AtomicU64>::anonymous()?;
    let inside: &AtomicU64 = &counter;
    let door = |visitors: u64| {
        Worker::start(move |line| {
            // The first visitor of both doors comes at the same moment, on every run: each is
            // being counted when the other is.
            add(inside, || line.tell().and_then(|()| line.hear()))?;
            (1..visitors).try_for_each(|_| add(inside, || Ok(())))
        })
    };
    for (what, visitors) in [("one visitor", 1), ("many", VISITORS)] {
        inside.store(0, Ordering::Relaxed);
        let doors = [door(visitors)?, door(visitors)?];
        doors.iter().try_for_each(Worker::hear)?;
        doors.iter().try_for_each(Worker::tell)?;
        doors.into_iter().try_for_each(Worker::finish)?;
        let (counted, all) = (inside.load(Ordering::Relaxed), 2 * visitors);
        writeln!(io::stdout(), "two doors, {what} at each: counted {counted} of {all}")?;
    }
    Ok(())
}
