//! Day 6: message queues, the kernel's own and one made out of a pipe.
//!
//! Watch for:
//! - messages stay apart; the highest priority comes first, and among equals the oldest;
//! - full and empty put the caller to sleep, or are EAGAIN, or ETIMEDOUT, as he likes;
//! - the buffer must be as large as the largest message MAY be, or receive is EMSGSIZE;
//! - a queue has a name, and outlives its creator until somebody unlinks it;
//! - a queue is asynchronous for its sender, a question and its answer are synchronous; signals
//!   are not the only asynchronous kind of IPC, they are the one that interrupts;
//! - CPython's Queue is none of these: it is a pipe, a semaphore and a thread that feeds it;
//! - how many messages there are is old news before one has read it.
//!
//! Each file is one idea. The example `qsize_then_get` differs from the demo in `take.rs`.

mod child;
mod consumers;
mod life;
mod limits;
mod notify;
mod order;
mod piped;
mod queue;
mod steps;
mod take;
mod waits;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[] }.main()
}

/// Each part has unlinked its names and waited for its children before it says its first word.
fn lesson() -> Outcome {
    order::run()?;
    waits::run()?;
    limits::run()?;
    life::run()?;
    steps::run()?;
    notify::run()?;
    piped::run()?;
    consumers::run()
}
