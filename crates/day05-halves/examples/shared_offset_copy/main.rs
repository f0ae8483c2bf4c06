//! The broken twin: two processes that read and write through one offset.
//!
//! Watch for: the sizes are right, nobody reports an error, and the first half was never written:
//! its bytes are zeros.
//! The mistake: `diff crates/day05-halves/src/part.rs crates/day05-halves/examples/shared_offset_copy/part.rs`

#[path = "../../src/copy.rs"]
mod copy;
mod part;
#[path = "../../src/sizes.rs"]
mod sizes;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "Two processes copy through one offset: compare its part.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: sizes::run, roles: &[] }.main()
}
