//! The broken twin: a time limit that is never reached.
//!
//! Watch for: the limit is 400 ms, the dripping peer takes more than twice as long, and nobody
//! says a word. With a byte every 399 ms it could hold the server for as long as it likes.
//! The mistake: `diff crates/day03-nonblock/src/receive.rs crates/day03-nonblock/examples/timeout_per_read/receive.rs`

#[path = "../../src/deadline.rs"]
mod deadline;
mod receive;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about =
        "A limit for each read and none for the message: compare its receive.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson: deadline::run, roles: &[] }.main()
}
