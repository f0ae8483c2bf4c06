//! A gate, and three who wait in front of it.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cli::Outcome;
use syscall::Deadline;

use crate::event::Event;
use crate::map::Map;
use crate::waiting::asleep;
use crate::worker::Worker;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let gate = Event::new()?;
    let wakings = Map::<AtomicU32>::anonymous()?;
    let awake = || {
        wakings.fetch_add(1, Ordering::SeqCst);
    };
    let waiter = || Worker::start(|_| Ok(gate.wait(Deadline::Never, awake).map(drop)?));
    let waiters = [waiter()?, waiter()?, waiter()?];
    writeln!(out, "an event, is_set: {}; three wait:", gate.is_set())?;
    for waiter in &waiters {
        writeln!(out, "  {}", asleep(waiter.pid())?)?;
    }

    // A wake-up without news. Who had written `if` instead of `while` would be through the gate.
    let woken = gate.nudge()?;
    for waiter in &waiters {
        asleep(waiter.pid())?;
    }
    let awake = wakings.load(Ordering::SeqCst);
    writeln!(out, "woken for nothing: {woken}; they looked {awake} times, and sleep again")?;

    // One set releases all; a semaphore's release would let one through.
    let woken = gate.set()?;
    waiters.into_iter().try_for_each(Worker::finish)?;
    writeln!(out, "set: {woken} woken, all three have gone through; is_set: {}", gate.is_set())?;

    // It stays set, so that nobody comes too late, until it is cleared.
    let short = || Deadline::after(Duration::from_millis(50));
    let late = gate.wait(short(), || ())?;
    gate.clear();
    let closed = gate.wait(short(), || ())?;
    writeln!(out, "who comes later: {late}; cleared, and waited for 50 ms: {closed}")?;
    Ok(())
}
