//! Mutual exclusion: no order, but never two at once in the critical section.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

use cli::Outcome;
use syscall::{Deadline, Errno};

use crate::map::Map;
use crate::mutex::Mutex;
use crate::worker::Worker;

const TIMES: u32 = 20_000;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let lock = Mutex::new()?;
    let numbers = Map::<[AtomicU32; 3]>::anonymous()?;
    let [counter, inside, highest] = &*numbers;
    // The counter is the critical resource, what stands between lock and unlock the critical
    // section. Rust's own Mutex<T> owns its T, so that there is no way past it; C's locks nothing,
    // it only makes those wait who ask.
    let critical = || {
        let now = inside.fetch_add(1, Ordering::Relaxed) + 1;
        highest.fetch_max(now, Ordering::Relaxed);
        // A load and a store lose updates (day 6). Not here.
        let old = counter.load(Ordering::Relaxed);
        counter.store(old + 1, Ordering::Relaxed);
        inside.fetch_sub(1, Ordering::Relaxed);
    };
    let worker = || {
        Worker::start(|_| {
            for _ in 0..TIMES {
                lock.with(Deadline::Never, |_| critical())?;
            }
            Ok(())
        })
    };
    let workers = [worker()?, worker()?, worker()?, worker()?];
    workers.into_iter().try_for_each(Worker::finish)?;
    let (value, most) = (counter.load(Ordering::Relaxed), highest.load(Ordering::Relaxed));
    writeln!(out, "mutual exclusion, a lock: 4 x {TIMES} times += 1 make {value}")?;
    writeln!(out, "  in the critical section at once: at most {most}")?;

    // A lock has an owner, and that is its difference from a semaphore with the value 1.
    let (twice, busy) = lock.with(Deadline::Never, |_| -> Outcome<_> {
        let twice = lock.with(Deadline::Never, |_| ()).err();
        let other = Worker::start(|line| {
            let refused = lock.with(Deadline::Now, |_| ()).err() == Some(Errno::EBUSY)
                && lock.unlock() == Err(Errno::EPERM);
            if refused { line.tell() } else { Ok(()) }
        })?;
        let busy = other.hear();
        other.finish()?;
        Ok((twice, busy.is_ok()))
    })??;
    writeln!(out, "  the owner locks it once more: {twice:?}")?;
    writeln!(out, "  another process tries and gets EBUSY, unlocks and gets EPERM: {busy}")?;
    Ok(())
}
