//! How a pool ends.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::signal::kill;
use process::{Deadline, Pool, TaskError};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "ends:")?;

    // close takes the pool: from here on nobody can submit, the compiler sees to it. And join
    // exists only on what close gives: join before close, an error at run time in Python, is one
    // at compile time here. What was submitted is done.
    let pool = Pool::new(2, |n: u32| n + 1)?;
    let tasks: Vec<_> = (0..1000).map(|n| pool.submit(n)).collect();
    pool.close().join()?;
    let done = (0..).zip(&tasks).filter(|(n, task)| task.get(Deadline::Now) == Ok(n + 1));
    writeln!(out, "  close and join: {} of 1000 tasks are done", done.count())?;

    // terminate kills the workers, in the middle of what they do.
    let (mut said, say) = io::pipe()?;
    let pool = Pool::new(2, move |_: u32| {
        let _ = (&say).write_all(b"x");
        nix::unistd::pause();
    })?;
    let workers = pool.pids();
    let tasks: Vec<_> = (0..1000).map(|n| pool.submit(n)).collect();
    said.read_exact(&mut [0; 2])?;
    let closed = pool.terminate();
    let told = tasks.iter().filter(|task| task.get(Deadline::Now) == Err(TaskError::Cancelled));
    writeln!(out, "  terminate, two of 1000 were running: {} are told at once", told.count())?;
    closed.join()?;
    // Their numbers are free: they have ended, and somebody has waited for them.
    let gone = workers.iter().filter(|&&pid| kill(pid, None) == Err(Errno::ESRCH)).count();
    writeln!(out, "  workers that are gone after join: {gone} of 2")?;
    Ok(())
}
