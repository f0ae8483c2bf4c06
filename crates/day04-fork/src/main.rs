//! Day 4: fork(2), one call that returns twice.
//!
//! Watch for:
//! - the child gets 0 and the parent the child's pid; both go on behind the call;
//! - a failure is an `Err`, in Rust there is no negative number to look for;
//! - memory is the child's own: the same address holds two values;
//! - nothing is copied at once: a page is copied when one of the two writes to it;
//! - copied as well: text in a buffer. Shared: the offset of an open file;
//! - of many threads only the one that called fork goes on in the child.
//!
//! `child.rs` is the pattern of every fork here: the child leaves by _exit, the parent waits for
//! this pid. The examples `double_output` and `shared_offset` differ in `print.rs` and `first.rs`.

mod child;
mod first;
mod memory;
mod offset;
mod print;
mod results;
mod threads;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson, roles: &[print::ROLE, threads::ROLE] }.main()
}

fn lesson() -> Outcome {
    child::keep_statuses()?;
    results::run()?;
    memory::run()?;
    print::run()?;
    offset::run()?;
    threads::run()
}
