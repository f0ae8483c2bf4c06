//! The broken twin: pause after a look.
//!
//! Watch for: the handler has run, and the wait for it goes on until an alarm ends the process.
//! The mistake: `diff crates/day07-signals/src/wait.rs crates/day07-signals/examples/pause_race/wait.rs`

#[path = "../../src/child.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod child;
#[path = "../../src/handler.rs"]
#[allow(dead_code, reason = "the demo uses the rest")]
mod handler;
#[path = "../../src/race.rs"]
mod race;
mod wait;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A signal that is lost before pause: compare its wait.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: race::run, roles: &[] }.main()
}
