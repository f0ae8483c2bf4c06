//! Value: one number, and every process has it in its memory.

use std::hint::black_box;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use cli::Outcome;

use crate::map::Map;
use crate::worker::Worker;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();

    // fork copies what is private and leaves what is shared where it is: MAP_SHARED decides.
    let mut private = black_box(1);
    let shared = Map::<AtomicU64>::anonymous()?;
    shared.store(1, Ordering::SeqCst);
    Worker::start(|_| {
        private = black_box(10_000);
        shared.store(10_000, Ordering::SeqCst);
        Ok(())
    })?
    .finish()?;
    let value = shared.load(Ordering::SeqCst);
    writeln!(out, "both were 1, a child has set both to 10000")?;
    writeln!(out, "  to its parent the private one is {private}, the shared one {value}")?;

    // A queue keeps what comes. Here a write covers the one before: the last one wins, and
    // nobody learns that there were others.
    for number in [7, 8] {
        let write = |_: &_| {
            shared.store(number, Ordering::SeqCst);
            Ok(())
        };
        Worker::start(write)?.finish()?;
    }
    writeln!(out, "one writes 7, then another one 8: {}", shared.load(Ordering::SeqCst))?;
    Ok(())
}
