//! An heir that does not repair: it waits for the lock, gets it by the death of the owner, and
//! gives it back as if nothing had happened.

use std::io::{self, Write as _};

use cli::Outcome;
use syscall::Deadline;

use crate::mutex::Mutex;
use crate::waiting::asleep;
use crate::worker::Worker;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let lock = Mutex::new()?;
    let owner = Worker::start(|line| {
        lock.with(Deadline::Never, |_| line.tell().and_then(|()| line.hear()))?
    })?;
    owner.hear()?;
    let heir = Worker::start(|line| {
        // It tells only if the owner has died, and calls `consistent` in no case.
        lock.with(Deadline::Never, |held| if held.owner_died { line.tell() } else { Ok(()) })?
    })?;
    writeln!(out, "one waits for the lock: {}", asleep(heir.pid())?)?;
    let end = owner.kill()?;
    // Nobody has called unlock. The kernel has gone through the list of locks that the dead thread
    // held, marked this one and woken who waited.
    heir.hear()?;
    heir.finish()?;
    writeln!(out, "  the owner ends by {end}: it is woken with EOWNERDEAD, and repairs nothing")?;
    let next = lock.with(Deadline::Never, |_| ()).err();
    writeln!(out, "  the next: {next:?}, and so for ever")?;
    Ok(())
}
