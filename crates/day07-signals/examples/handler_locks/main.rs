//! The broken twin: a handler that takes a lock.
//!
//! Watch for: a process of one thread that waits for itself; somebody else has to kill it.
//! The mistake: `diff crates/day07-signals/src/note.rs crates/day07-signals/examples/handler_locks/note.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod child;
#[path = "../../src/locked.rs"]
mod locked;
mod note;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A handler that takes a lock: compare its note.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: locked::run, roles: &[] }.main()
}
