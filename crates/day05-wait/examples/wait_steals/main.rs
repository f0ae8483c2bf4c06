//! The broken twin: a reaper that takes everybody's children.
//!
//! Watch for: our reaper has collected two although one was ours, and whoever started the other one gets
//! ECHILD instead of its status.
//! The mistake: `diff crates/day05-wait/src/ours.rs crates/day05-wait/examples/wait_steals/ours.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod child;
#[path = "../../src/guest.rs"]
mod guest;
mod ours;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A reaper that asks for any child: compare its ours.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: guest::run, roles: &[] }.main()
}
