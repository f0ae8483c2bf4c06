//! The broken twin: a buffer that is not empty when the process forks.
//!
//! Watch for: one `write!` before fork, and its text is in the output twice.
//! The mistake: `diff crates/day04-fork/src/print.rs crates/day04-fork/examples/double_output/print.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod child;
mod print;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = "A fork with text in the buffer: compare its print.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[print::ROLE] }.main()
}

fn lesson() -> Outcome {
    child::keep_statuses()?;
    print::run()
}
