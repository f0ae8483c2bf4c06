//! The broken twin: a parent that looks for its child's result in a variable.
//!
//! Watch for: the child says by its exit code (50) that the sum was 5050 where it is, and the
//! parent's variable is 0 as ever.
//! The mistake: `diff crates/day05-process/src/total.rs crates/day05-process/examples/child_memory/total.rs`

mod total;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "A result left in the child's own memory: compare its total.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: total::run, roles: &[] }.main()
}
