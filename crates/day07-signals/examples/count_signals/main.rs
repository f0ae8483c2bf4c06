//! The broken twin: events counted by a standard signal.
//!
//! Watch for: five events, one is counted, and the values of the other four are gone.
//! The mistake: `diff crates/day07-signals/src/event.rs crates/day07-signals/examples/count_signals/event.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod child;
#[path = "../../src/count.rs"]
mod count;
mod event;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "Events counted by SIGUSR1: compare its event.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: count::run, roles: &[] }.main()
}
