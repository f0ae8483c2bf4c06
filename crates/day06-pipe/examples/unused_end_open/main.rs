//! The broken twin: a reader that keeps the write end it has inherited.
//!
//! Watch for: the parent has closed everything, all bytes have come, and the end never does. A
//! plain read would sleep for ever; no other process could wake it.
//! The mistake: `diff crates/day06-pipe/src/reader.rs crates/day06-pipe/examples/unused_end_open/reader.rs`

#[path = "../../src/child.rs"]
mod child;
#[path = "../../src/ends.rs"]
mod ends;
mod reader;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A pipe whose reader holds a write end: compare its reader.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: ends::run, roles: &[] }.main()
}
