//! The broken twin: a counter of two processes that is loaded and stored.
//!
//! Watch for: two visitors at the same moment count for one, on every run; of many more, some are
//! lost on a machine with two processors.
//! The mistake: `diff crates/day06-shm/src/add.rs crates/day06-shm/examples/lost_update/add.rs`

mod add;
#[path = "../../src/doors.rs"]
mod doors;
#[path = "../../src/map.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod map;
#[path = "../../src/worker.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod worker;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A load and a store for += 1: compare its add.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: doors::run, roles: &[] }.main()
}
