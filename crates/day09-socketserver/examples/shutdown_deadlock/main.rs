//! Broken: a stop that waits for the end of serving, called by the one who serves.
//!
//! CPython's `BaseServer.shutdown` sets a flag and waits until `serve_forever` has returned.
//! Called from a handler, in the thread that serves, it waits for the loop, which waits for the
//! handler: for ever. Here the wait has a deadline, so that one can see it and go on. `ends.rs`
//! differs from the demo's in `stop` alone.

mod ends;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "Broken: a stop that waits for itself.";
    Demo { id: cli::id!(), about, lesson: ends::run, roles: &[] }.main()
}
