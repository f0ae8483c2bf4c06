//! The broken twin: a lock that is not robust, and an owner that is killed.
//!
//! Watch for: nobody holds the lock, and nobody gets it. With a deadline it is ETIMEDOUT; without
//! one, which is how most programs lock, it is for ever. The 10 are lost.
//! The mistake: `diff crates/day07-sync/src/kind.rs crates/day07-sync/examples/dead_owner/kind.rs`

mod kind;
#[path = "../../src/map.rs"]
mod map;
#[path = "../../src/mutex.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod mutex;
#[path = "../../src/owner.rs"]
mod owner;
#[path = "../../src/worker.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod worker;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A lock that outlives its owner: compare its kind.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: owner::run, roles: &[] }.main()
}
