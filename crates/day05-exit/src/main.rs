//! Day 5: the ways to end a process, and what each of them leaves undone.
//!
//! Watch for:
//! - eight bits of the code arrive: 263 is 7 to the parent;
//! - _exit writes no buffers and runs no destructors, process::exit writes only std's own buffer;
//! - a panic ends with 101 and unwinds: buffers are written, destructors run;
//! - a signal is no exit code: there is none;
//! - a forked child that does not leave by _exit repeats its parent's cleaning up.
//!
//! `ways.rs` is the list of ends, `table.rs` what the parent sees of them. `report.rs` is a
//! program that has to stop half-way; the example `exit_skips_drop` differs there.

mod after;
mod report;
mod sigchld;
mod table;
mod ways;

use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

const ROLES: &[Role] = &[
    Role {
        name: "end",
        args: &["WAY"],
        help: "ends in this way (then: echo $?); the lesson lists them all",
        run: |args| ways::end(&args[0]),
    },
    after::ROLE,
];

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    let done = Demo { id: cli::id!(), about, lesson, roles: ROLES }.main();
    // An ExitCode is made from eight bits: 263 could not even be written here. C's main returns
    // an int, and what does not fit is cut off without a word.
    ways::code_of_main().map_or(done, ExitCode::from)
}

fn lesson() -> Outcome {
    table::run()?;
    after::run()
}
