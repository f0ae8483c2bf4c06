//! The owner of a lock is killed in the middle of its work.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cli::Outcome;
use syscall::Deadline;

use crate::map::Map;
use crate::mutex::{Held, Mutex};
use crate::worker::Worker;

/// The two accounts together.
const SUM: u32 = 200;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let lock = Mutex::new()?;
    let accounts = Map::<[AtomicU32; 2]>::anonymous()?;
    let [from, to] = &*accounts;
    from.store(100, Ordering::SeqCst);
    to.store(100, Ordering::SeqCst);
    let sum = || from.load(Ordering::SeqCst) + to.load(Ordering::SeqCst);

    let owner = Worker::start(|line| {
        lock.with(Deadline::Never, |_| {
            from.fetch_sub(10, Ordering::SeqCst);
            line.tell()?;
            line.hear()?;
            to.fetch_add(10, Ordering::SeqCst);
            Ok(())
        })?
    })?;
    owner.hear()?;
    let end = owner.kill()?;
    writeln!(out, "the owner of a lock has moved 10 half-way, and ends by {end}")?;

    // With the lock comes the news that the owner is dead, and with the news the duty to repair.
    let repair = |held: &Held| -> Outcome<_> {
        let found = sum();
        if held.owner_died {
            to.store(SUM - from.load(Ordering::SeqCst), Ordering::SeqCst);
            held.consistent()?;
        }
        Ok((held.owner_died, found))
    };
    // The dead owner's lock is to be had at once, or never: half a second tells the two apart.
    for who in ["the next", "and the one after it"] {
        let begin = Deadline::after(Duration::from_millis(500));
        match lock.with(begin, repair) {
            Ok(done) => {
                let (owner_died, found) = done?;
                let told = if owner_died { "EOWNERDEAD" } else { "no news" };
                writeln!(out, "  {who} gets the lock, {told}, a sum of {found}")?;
            }
            Err(errno) => writeln!(out, "  {who}, in half a second: {errno:?}")?,
        }
    }
    writeln!(out, "  the sum is {}", sum())?;
    Ok(())
}
