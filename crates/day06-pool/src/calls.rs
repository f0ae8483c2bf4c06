//! The ways to hand tasks in, and to get results out.

use std::io::{self, Write as _};

use cli::Outcome;
use process::{Deadline, Pool, TaskError};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "calls:")?;

    // A task with the base 0 ends when it is told, the others at once.
    let (wait, mut go) = io::pipe()?;
    let pool = Pool::new(2, move |(base, power): (u64, u32)| {
        if base == 0 {
            let _ = io::Read::read(&mut &wait, &mut [0]);
        }
        base.pow(power)
    })?;

    // apply: one task, and nothing else until it is done. A function of two arguments is a
    // function of one pair: Python's starmap is map.
    writeln!(out, "  apply 2^10: {}", pool.apply((2, 10))?)?;

    // get with a limit: the task goes on, so ask again. Python raises TimeoutError.
    let task = pool.submit((0, 1));
    let early = task.get(Deadline::after_millis(20));
    writeln!(out, "  submit, asked after 20 ms: {}", text(early))?;

    // map keeps the order of the tasks. The 1 says that they go out one by one; a hundred small
    // tasks are better sent in chunks, ten long ones are not.
    let squares: Result<Vec<u64>, TaskError> =
        pool.map((1..=8).map(|n| (n, 2)), 1).into_iter().collect();
    writeln!(out, "  map, in the order of the tasks: {:?}", squares?)?;

    // The task of before is still running in the other worker.
    go.write_all(b"!")?;
    writeln!(out, "  submit, told to end: {}", text(task.get(Deadline::Never)))?;
    writeln!(out, "  submit, asked again: {}", text(task.get(Deadline::Never)))?;

    // imap gives each result when its turn has come, imap_unordered as it comes: here the first
    // task can only end when the others have been seen.
    let mut results = pool.imap_unordered((0..4).map(|n| (n, 3)), 1);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.extend(results.next().transpose()?);
    }
    seen.sort_unstable();
    go.write_all(b"!")?;
    let last = results.next().transpose()?;
    writeln!(out, "  imap_unordered: first {seen:?}, then {last:?}")?;
    pool.close().join()?;
    Ok(())
}

pub(crate) fn text<R: std::fmt::Debug>(result: Result<R, TaskError>) -> String {
    result.map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
}
