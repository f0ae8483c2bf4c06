//! A panic in a critical section: what was half done stays half done, and the lock tells.

use std::io::{self, Write as _};
use std::sync::{Mutex, TryLockError};
use std::{panic, thread};

use cli::Outcome;

pub(crate) fn show() -> Outcome {
    let mut out = io::stdout();
    // Two numbers that belong together: the second is the double of the first.
    let pair = Mutex::new((1, 2));
    let thread = thread::scope(|scope| {
        let thread = scope.spawn(|| {
            if let Ok(mut pair) = pair.lock() {
                pair.0 = 10;
                fail();
                pair.1 = 20;
            }
        });
        thread.join()
    });
    let message = thread.err().and_then(|payload| payload.downcast_ref::<&str>().copied());
    writeln!(out, "a panic under a lock: {}", message.unwrap_or("none"))?;

    // Unwinding has dropped the guard, so the lock is free. A lock of Python would be as free, and
    // silent; this one is poisoned, and everybody who comes is told.
    let poisoned = pair.lock().is_err();
    writeln!(out, "  lock gives PoisonError: {poisoned}")?;

    // The error carries the guard: whoever can repair the data goes on.
    match pair.lock() {
        Ok(_) => writeln!(out, "  nothing to repair")?,
        Err(error) => {
            let mut pair = error.into_inner();
            writeln!(out, "  found {pair:?}, half of a change")?;
            pair.1 = pair.0 * 2;
        }
    }
    pair.clear_poison();
    let repaired = *pair.lock().map_err(|_| "still poisoned")?;
    writeln!(out, "  repaired and cleared: {repaired:?}")?;
    Ok(())
}

/// The lesson's panic. It unwinds as panic! does, and leaves out the hook that would write to
/// standard error.
fn fail() {
    panic::resume_unwind(Box::new("between the two"));
}

/// "A second acquire blocks", the notes say: in the thread that holds the lock it would block for
/// ever (or panic: std leaves it open). try_lock asks without waiting.
pub(crate) fn lock_twice() -> Outcome {
    let lock = Mutex::new(());
    let held = lock.lock().map_err(|_| "poisoned")?;
    let again = match lock.try_lock() {
        Err(TryLockError::WouldBlock) => "WouldBlock",
        Err(TryLockError::Poisoned(_)) => "poisoned",
        Ok(_) => "taken a second time",
    };
    drop(held);
    let after = if lock.try_lock().is_ok() { "taken" } else { "not free" };
    let mut out = io::stdout();
    writeln!(out, "a second lock in the same thread: {again}, after the first guard: {after}")?;
    Ok(())
}
