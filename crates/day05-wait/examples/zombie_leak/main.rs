//! The broken twin: children that are never waited for.
//!
//! Watch for: five jobs are done, and five processes are still in the table, in state Z. A server that
//! does this runs until fork fails with EAGAIN.
//! The mistake: `diff crates/day05-wait/src/finish.rs crates/day05-wait/examples/zombie_leak/finish.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod child;
#[path = "../../src/crowd.rs"]
mod crowd;
mod finish;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "Children that nobody waits for: compare its finish.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: crowd::run, roles: &[] }.main()
}
