//! Day 3: who waits? Blocking, non-blocking and timed calls, and the five kinds of IO.
//!
//! Watch for:
//! - a blocked thread sleeps (state S) and costs nothing; a loop around WouldBlock costs all;
//! - O_NONBLOCK belongs to the open file: set on a dup, it holds for the original;
//! - the end of a read's time limit is WouldBlock, that of a connect's is TimedOut;
//! - a limit for each read is none for the message: a peer that drips is never late.
//!
//! `accept.rs` and `receive.rs` are the two ideas, each with a broken twin that differs there:
//! the examples `busy_accept` and `timeout_per_read`.

mod accept;
mod blocking;
mod deadline;
mod kinds;
mod nonblocking;
mod receive;
mod task;
mod timed;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    blocking::run()?;
    nonblocking::run()?;
    timed::run()?;
    deadline::run()?;
    kinds::run()
}
