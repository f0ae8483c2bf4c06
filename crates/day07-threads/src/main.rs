//! Day 7: threads, many paths through one process.
//!
//! Watch for:
//! - one PID, and a TID for each thread; the main thread's TID is the PID;
//! - a thread without a name has none in Rust, and its maker's in the kernel;
//! - join gives back what the thread returned, or what it panicked with: one thread's panic is
//!   nobody else's;
//! - the end of main is the end of all threads. Python waits for them, Rust does not;
//! - a scope joins its threads, so they may borrow.
//!
//! `names.rs` is who they are, `ends.rs` how they end, `leave.rs` and `records.rs` the end of main,
//! `worker.rs` a type of one's own and a pool. The example `detached_lost` is `records.rs` with one
//! mistake: compare the two with diff.

mod ends;
mod leave;
mod lesson;
mod names;
mod records;
mod worker;

use std::process::ExitCode;

use cli::{Demo, Role};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[
            Role {
                name: "leave",
                args: &[],
                help: "a main that returns at Enter, while its thread goes on for ever",
                run: |_| leave::main(),
            },
            Role {
                name: "records",
                args: &[],
                help: "three threads, each saves one line that is typed",
                run: |_| records::main(),
            },
        ],
    }
    .main()
}
