//! Day 4: what a process is, read from /proc.
//!
//! Watch for:
//! - one program on the disk, two processes: each has its own PID and its own memory;
//! - the textbook's "ready" and "running" are both R, its "waiting" is S, D, T or t, its "ended" Z;
//! - a name may contain `) R (`: the fields of /proc/PID/stat begin behind the LAST parenthesis;
//! - `l` means several threads, not children; `s` leads a session, `N` is nice, `+` is in front;
//! - niceness is relative to what was inherited, ends at 19, and -1 of getpriority is no error.
//!
//! `fields.rs` is the line that everything is read from; the example `split_on_blanks` differs
//! there. The finished form of this reader is `process::procfs`.

mod being;
mod fields;
mod kinds;
mod letters;
mod life;
mod names;
mod nice;
mod parallel;
mod priority;
mod stat;
mod status;
mod tree;
mod two_runs;
mod watch;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let roles = &[kinds::ROLE, watch::ROLE, tree::ROLE, nice::ROLE];
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles }.main()
}

fn lesson() -> Outcome {
    two_runs::run()?;
    parallel::run()?;
    life::run()?;
    letters::run()?;
    names::run()?;
    tree::run()?;
    nice::run()
}
