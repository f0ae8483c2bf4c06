//! The broken twin: a program that makes a segment and does not unlink it.
//!
//! Watch for: the program has ended without an error, and its segment is in /dev/shm with all that
//! it held. Nobody uses it and nobody will. The lesson then removes it, so that nothing stays.
//! The mistake: `diff crates/day06-shm/src/owner.rs crates/day06-shm/examples/segment_left/owner.rs`

#[path = "../../src/left.rs"]
mod left;
#[path = "../../src/map.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod map;
mod owner;
#[path = "../../src/segment.rs"]
mod segment;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A segment that nobody unlinks: compare its owner.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: left::run, roles: &[left::MAKE, left::UNLINK] }.main()
}
