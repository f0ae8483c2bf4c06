//! The broken twin: a driver who does not ignore the conductor's key.
//!
//! Watch for: the first Ctrl-C ends the driver, which the shell sees in the status; the conductor has
//! nobody left to tell.
//! The mistake: `diff crates/day07-conductor/src/keys.rs crates/day07-conductor/examples/keys_reach_both/keys.rs`

#[path = "../../src/conductor.rs"]
mod conductor;
#[path = "../../src/driver.rs"]
mod driver;
#[path = "../../src/inbox.rs"]
mod inbox;
mod keys;
#[path = "../../src/lesson.rs"]
mod lesson;
#[path = "../../src/play.rs"]
mod play;
#[path = "../../src/ride.rs"]
mod ride;
#[path = "../../src/terminal.rs"]
mod terminal;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A driver who feels Ctrl-C: compare its keys.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: lesson::run, roles: lesson::ROLES }.main()
}
