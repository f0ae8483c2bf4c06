//! A number that several threads count up.

use std::io::{self, Write as _};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use cli::Outcome;

pub(crate) fn show() -> Outcome {
    let mut out = io::stdout();

    // fetch_add is one indivisible step of the processor. Relaxed is enough for a number that says
    // nothing about other data; the scope's join orders the read at the end.
    let exact = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100_000 {
                    exact.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    writeln!(out, "an atomic: 4 threads, 100000 times fetch_add each: {}", exact.into_inner())?;

    // Load and store are atomic too, each for itself. Between them there is a gap, and the barrier
    // sees to it that both threads stand in it at the same time: what may happen, happens.
    let lost = AtomicU32::new(0);
    let gap = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let seen = lost.load(Ordering::SeqCst);
                gap.wait();
                lost.store(seen + 1, Ordering::SeqCst);
            });
        }
    });
    // No data race in the sense of the language: a race condition, and no compiler finds those.
    writeln!(out, "  2 threads, load and then store: {}, a lost update", lost.into_inner())?;
    Ok(())
}
