//! Day 6: pipes, and what else processes talk through.
//!
//! Watch for:
//! - what each kind of IPC is to the kernel, and what comes out of it when two things went in;
//! - a pipe has one direction and belongs to relatives: only who inherits an end has it;
//! - the end of a pipe comes when NOBODY holds a write end any more, the reader included;
//! - a full pipe blocks its writer, and up to PIPE_BUF bytes go in whole or not at all;
//! - without a reader a write is EPIPE, and in most other languages the end of the process;
//! - a pipe is a stream of bytes: messages have to be framed.
//!
//! Each file is one idea. The example `unused_end_open` differs from the demo in `reader.rs`.

mod atomic;
mod child;
mod duplex;
mod ends;
mod frames;
mod gone;
mod kinds;
mod reader;
mod room;
mod simplex;

use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

const KINDS: Role =
    Role { name: "kinds", args: &[], help: "the table of IPC kinds", run: |_| kinds::run() };

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[KINDS] }.main()
}

/// Each part has waited for its children before it says its first word.
fn lesson() -> Outcome {
    kinds::run()?;
    simplex::run()?;
    duplex::run()?;
    ends::run()?;
    room::run()?;
    atomic::run()?;
    gone::run()?;
    frames::run()
}
