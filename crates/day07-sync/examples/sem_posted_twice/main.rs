//! The broken twin: a car that gives its place back twice.
//!
//! Watch for: no call fails, and there are three cars on two places.
//! The mistake: `diff crates/day07-sync/src/leave.rs crates/day07-sync/examples/sem_posted_twice/leave.rs`

mod leave;
#[path = "../../src/map.rs"]
mod map;
#[path = "../../src/parking.rs"]
mod parking;
#[path = "../../src/semaphore.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod semaphore;
#[path = "../../src/waiting.rs"]
mod waiting;
#[path = "../../src/worker.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod worker;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A release too many: compare its leave.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: parking::run, roles: &[] }.main()
}
