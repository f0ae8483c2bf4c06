//! The broken twin: /proc/PID/stat taken for words between blanks.
//!
//! Watch for: a plain name is read right, so that the mistake passes every test; with a blank in
//! the name every field is one off; and `a) R (b` is a sleeping process that seems to run.
//! The mistake: `diff crates/day04-proc/src/fields.rs crates/day04-proc/examples/split_on_blanks/fields.rs`

#[path = "../../src/being.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod being;
mod fields;
#[path = "../../src/kinds.rs"]
mod kinds;
#[path = "../../src/names.rs"]
mod names;
#[path = "../../src/priority.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod priority;
#[path = "../../src/status.rs"]
mod status;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "/proc/PID/stat split at blanks: compare its fields.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: names::run, roles: &[kinds::ROLE] }.main()
}
