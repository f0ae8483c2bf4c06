//! The broken twin: a pool that counts answers, and waits for a worker that is dead.
//!
//! Watch for: five of six answers come, one worker has been killed, and the parent goes on
//! waiting. Python's Pool waits so for ever; here a limit of half a second ends it.
//! The mistake: `diff crates/day06-pool/src/by_hand.rs crates/day06-pool/examples/worker_dies/by_hand.rs`

mod by_hand;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A pool that waits for a dead worker: compare its by_hand.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: by_hand::run, roles: &[] }.main()
}
