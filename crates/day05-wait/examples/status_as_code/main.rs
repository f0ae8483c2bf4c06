//! The broken twin: a status that is taken for an exit code.
//!
//! Watch for: a child that runs, and two that were killed, are called a success.
//! The mistake: `diff crates/day05-wait/src/verdict.rs crates/day05-wait/examples/status_as_code/verdict.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod child;
#[path = "../../src/status.rs"]
mod status;
mod verdict;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "The second byte of a status taken for the whole answer: compare its verdict.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: status::run, roles: &[] }.main()
}
