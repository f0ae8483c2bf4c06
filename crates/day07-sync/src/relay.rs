//! Synchronisation: an order. B's step comes after A's, and A's next one after B's.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

use cli::Outcome;

use crate::map::Map;
use crate::semaphore::Semaphore;
use crate::worker::Worker;

const ROUNDS: usize = 4;

pub(crate) fn run() -> Outcome {
    let log = Map::<[AtomicU32; 2 * ROUNDS]>::anonymous()?;
    let written = Map::<AtomicU32>::anonymous()?;
    // Two turns, of which one is there at the start. Each acquires its own and releases the
    // other's: that is the agreement, and it is what a lock could never say.
    let (a_turn, b_turn) = (Semaphore::new(1)?, Semaphore::new(0)?);
    let runner = |name: char, mine, others| {
        let (mine, others): (&Semaphore, &Semaphore) = (mine, others);
        let (log, written) = (&log, &written);
        Worker::start(move |_| {
            for _ in 0..ROUNDS {
                mine.acquire()?;
                let place = written.fetch_add(1, Ordering::SeqCst) as usize;
                log[place].store(name.into(), Ordering::SeqCst);
                others.release()?;
            }
            Ok(())
        })
    };
    // B is started first, and it does not help.
    let b = runner('B', &b_turn, &a_turn)?;
    let a = runner('A', &a_turn, &b_turn)?;
    a.finish()?;
    b.finish()?;
    let steps: String =
        log.iter().filter_map(|step| char::from_u32(step.load(Ordering::SeqCst))).collect();
    writeln!(io::stdout(), "synchronisation, two semaphores: the steps came as {steps}")?;
    Ok(())
}
