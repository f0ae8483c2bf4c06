//! The broken twin: two processes that read one descriptor from the start, each for itself.
//!
//! Watch for: the child gets the first bytes, the parent gets the ones behind them.
//! The mistake: `diff crates/day04-fork/src/first.rs crates/day04-fork/examples/shared_offset/first.rs`

#[path = "../../src/child.rs"]
mod child;
mod first;
#[path = "../../src/offset.rs"]
mod offset;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "read where pread is needed: compare its first.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: offset::run, roles: &[] }.main()
}
