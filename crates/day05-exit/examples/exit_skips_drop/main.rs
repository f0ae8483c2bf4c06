//! The broken twin: process::exit in the middle of a program.
//!
//! Watch for: the status is that of the demo, the report is empty, and the lock is still there.
//! The mistake: `diff crates/day05-exit/src/report.rs crates/day05-exit/examples/exit_skips_drop/report.rs`

#[path = "../../src/after.rs"]
mod after;
mod report;
#[path = "../../src/sigchld.rs"]
mod sigchld;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "process::exit where an error should be returned: compare its report.rs.";
    Demo { id: cli::id!(), about, lesson: after::run, roles: &[after::ROLE] }.main()
}
