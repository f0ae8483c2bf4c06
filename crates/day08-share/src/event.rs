//! `threading.Event` from its parts: a flag under a lock, and a place to sleep.

use std::io::{self, Write as _};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cli::Outcome;

#[derive(Default)]
struct Event {
    set: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    /// False when the time is over first.
    fn wait(&self, limit: Duration) -> bool {
        let set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        // Unlocks and falls asleep in one step, so that no `set` can slip in between; locks again
        // when woken, and looks again: `while` is inside of wait_timeout_while.
        let waited = self.changed.wait_timeout_while(set, limit, |set| !*set);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn set(&self) {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// A waiter that has not run since `set` finds the flag down again and sleeps on. The Event of
    /// the crate `threads` counts the sets, so that it does not.
    fn clear(&self) {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }
}

pub(crate) fn show() -> Outcome {
    let mut out = io::stdout();
    let (ready, short) = (Event::default(), Duration::from_millis(50));
    writeln!(out, "an event that nobody sets: wait for 50 ms gives {}", ready.wait(short))?;
    let released = thread::scope(|scope| {
        let waiters = [(); 3].map(|()| scope.spawn(|| ready.wait(Duration::MAX)));
        ready.set();
        // Before the waiting or after it: a set event lets everybody pass.
        waiters.map(|waiter| waiter.join().unwrap_or(false))
    });
    writeln!(out, "  set: three threads that wait get {released:?}")?;
    ready.clear();
    writeln!(out, "  cleared: wait gives {}", ready.wait(Duration::ZERO))?;
    Ok(())
}
