//! Day 6: a pool. Processes are dear to make, so a few are made once and given task after task.
//!
//! Watch for:
//! - ten tasks, four workers: three rounds, and the pids of four processes;
//! - apply waits for its result, submit (apply_async) gives something to ask later;
//! - map gives the results in the order of the tasks, whichever was done first;
//! - a task that fails is a result, a task that panics is an error, the worker goes on;
//! - a worker that is killed is an error for the task that it had, and is replaced;
//! - close, then join: the other order does not compile.
//!
//! `by_hand.rs` is a pool on two pipes, to see what is inside. It has a broken twin that differs
//! there, and waits for a dead worker as Python's Pool does: `worker_dies`.

mod by_hand;
mod calls;
mod ends;
mod fails;
mod ten;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    ten::run()?;
    calls::run()?;
    fails::run()?;
    ends::run()?;
    by_hand::run()
}
