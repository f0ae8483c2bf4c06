//! Day 7, homework: the driver (parent) and the conductor (child), 司机和售票员的故事.
//!
//! Ctrl-C and Ctrl-\ are the conductor's keys, Ctrl-Z is the driver's; each tells the other by
//! SIGUSR1 or SIGUSR2, and that one speaks. At the end the conductor leaves first.
//!
//! Watch for:
//! - a key's signal goes to every process of the terminal's *foreground group*, so both get all
//!   three and each must ignore what is the other's. A shell at the same terminal gets none: it
//!   is in another group;
//! - the signals are held back before fork: whatever comes while the two get ready stays pending;
//! - they are read from a descriptor (signalfd), beside another one that tells of the other's end:
//!   nobody waits for a partner that has gone.
//!
//! Without an argument the lesson presses the keys itself, at a terminal of its own; `-- live` is
//! for yours. The example `keys_reach_both` differs in `keys.rs`.

mod conductor;
mod driver;
mod inbox;
mod keys;
mod lesson;
mod play;
mod ride;
mod terminal;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson: lesson::run, roles: lesson::ROLES }.main()
}
