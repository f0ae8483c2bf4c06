//! The broken twin: a server that removes whatever is at its path.
//!
//! Watch for: the old server lives and listens, and no client finds it any more; and a file that
//! was no socket is gone.
//! The mistake: `diff crates/day04-unix/src/bind.rs crates/day04-unix/examples/unlink_first/bind.rs`

mod bind;
#[path = "../../src/scratch.rs"]
mod scratch;
#[path = "../../src/steal.rs"]
mod steal;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A server that steals addresses: compare its bind.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: steal::run, roles: &[] }.main()
}
