//! The broken twin: qsize, and then get.
//!
//! Watch for: both consumers have seen one message, and both want it. `if q.qsize() > 0: q.get()`
//! and `if not q.empty(): q.get()` are this mistake: the second one sleeps for a message that he
//! has seen with his own eyes.
//! The mistake: `diff crates/day06-queue/src/take.rs crates/day06-queue/examples/qsize_then_get/take.rs`

#[path = "../../src/child.rs"]
mod child;
#[path = "../../src/consumers.rs"]
mod consumers;
#[path = "../../src/queue.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod queue;
mod take;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "Two consumers that ask how many there are: compare its take.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: consumers::run, roles: &[] }.main()
}
