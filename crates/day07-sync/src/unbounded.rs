//! A semaphore counts, and that is all that it does.

use std::io::{self, Write as _};

use cli::Outcome;

use crate::semaphore::Semaphore;
use crate::worker::Worker;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    // The value at the start is no upper bound, and whoever releases need not have acquired
    // anything. Python's BoundedSemaphore checks the bound; multiprocessing.Lock is a semaphore
    // whose bound is 1, and another process can release it all the same.
    let semaphore = Semaphore::new(1)?;
    let before = semaphore.value()?;
    Worker::start(|_| Ok(semaphore.release()?))?.finish()?;
    let after = semaphore.value()?;
    writeln!(out, "released by one who has never acquired: {before} → {after}")?;

    let full = Semaphore::new(Semaphore::MAX)?;
    let refused = full.release().err().map(|error| error.errno());
    writeln!(out, "  the only bound: {} and one more: {refused:?}", full.value()?)?;
    Ok(())
}
