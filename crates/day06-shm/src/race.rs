//! Lost updates: "obj.value += 1" is a load, an addition and a store.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use cli::Outcome;

use crate::map::Map;
use crate::semaphore::Semaphore;
use crate::worker::Worker;

const TIMES: u64 = 1_000_000;

pub(crate) fn run() -> Outcome {
    forced()?;
    writeln!(io::stdout(), "2 processes, {TIMES} times += 1 each, at the same time")?;
    let lock = Semaphore::new(1)?;
    // std's atomics make no difference between threads and processes. Relaxed is enough for a
    // number that nothing else depends on; the ends of the processes order the rest.
    let plain = |counter: &AtomicU64| {
        let old = counter.load(Ordering::Relaxed);
        counter.store(old + 1, Ordering::Relaxed);
    };
    // Chance may spare them all, most of all where there is one processor: then once more.
    let mut counted = 2 * TIMES;
    for _ in 0..20 {
        counted = measured(|counter| {
            plain(counter);
            Ok(())
        })?;
        if counted < 2 * TIMES {
            break;
        }
    }
    row("load and store", counted)?;
    let counted = measured(|counter| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    })?;
    row("fetch_add", counted)?;
    // The same two steps as in the first row, and nobody else between them.
    row("with a lock", measured(|counter| Ok(lock.with(|| plain(counter))?))?)
}

fn row(how: &str, counted: u64) -> Outcome {
    let lost = 2 * TIMES - counted;
    Ok(writeln!(io::stdout(), "  {how:<16} {counted:>7} of {}, lost: {lost}", 2 * TIMES)?)
}

/// Whether an update is lost is chance on most days. Here it is made sure: both load before one
/// of them stores.
fn forced() -> Outcome {
    let counter = Map::<AtomicU64>::anonymous()?;
    let one_more = || {
        Worker::start(|line| {
            let old = counter.load(Ordering::SeqCst);
            line.tell()?;
            line.hear()?;
            counter.store(old + 1, Ordering::SeqCst);
            Ok(())
        })
    };
    let (a, b) = (one_more()?, one_more()?);
    for worker in [&a, &b] {
        worker.hear()?;
    }
    for worker in [a, b] {
        worker.tell()?;
        worker.finish()?;
    }
    let value = counter.load(Ordering::SeqCst);
    writeln!(io::stdout(), "two loads, then two stores: 2 updates, the value is {value}")?;
    Ok(())
}

/// What the machine makes of it when nobody gives the order.
fn measured(add: impl Fn(&AtomicU64) -> Outcome) -> Outcome<u64> {
    let (counter, ready) = (Map::<AtomicU64>::anonymous()?, Map::<AtomicU64>::anonymous()?);
    let many = || {
        Worker::start(|_| {
            // Neither begins before the other is there, or the first might have ended by then.
            ready.fetch_add(1, Ordering::SeqCst);
            while ready.load(Ordering::SeqCst) < 2 {
                std::thread::yield_now();
            }
            (0..TIMES).try_for_each(|_| add(&counter))
        })
    };
    let workers = [many()?, many()?];
    workers.into_iter().try_for_each(Worker::finish)?;
    Ok(counter.load(Ordering::Relaxed))
}
