//! Day 5: fork and wait, wrapped up as an object: `Process`, as Python's multiprocessing has it.
//!
//! Watch for:
//! - the parent creates and reaps and does nothing else; who ends early is remembered until join;
//! - join with a time limit has two answers, and "not yet" is no error;
//! - an exit code is 0 to 255, a signal is a negative number, a panic is 101;
//! - a daemon ends with its parent, even one that was killed; any other process goes on;
//! - what a child changes in memory, it changes for itself;
//! - a process costs many times what a thread costs.
//!
//! Each file is one idea. `total.rs` has a broken twin that differs there: `child_memory`.

mod clock;
mod cost;
mod daemon;
mod joins;
mod names;
mod steps;
mod total;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[] }.main()
}

/// Nothing here starts a thread before the last part: a process with threads does not fork.
fn lesson() -> Outcome {
    steps::run()?;
    names::run()?;
    joins::run()?;
    clock::run()?;
    daemon::run()?;
    total::run()?;
    cost::run()
}
