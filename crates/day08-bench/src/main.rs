//! Day 8: the efficiency table. Ten tasks one after the other, in ten threads, in ten processes.
//!
//! Watch for:
//! - being bound says what a task spends its time on, not how long it takes: computing, moving
//!   bytes, or waiting;
//! - computing gains what there are processors, in threads and in processes alike: Rust has no
//!   interpreter and so no lock around it (GIL). Python's threads gain nothing here;
//! - "IO" to files that were just written is no waiting: the bytes go to and from the page cache,
//!   which is memory, and that is work for a processor too;
//! - waiting gains as much as there are tasks, on one processor already, and under a GIL too;
//! - the processor time is the same in each row: nobody works less, they only work at once.
//!
//! `task.rs` is what is done, `rows.rs` who does it, `measure.rs` how it is measured. Ratios are
//! the result; the milliseconds belong to this machine. In release mode the table is a better one:
//! `cargo run --release -p day08-bench`.

mod machine;
mod measure;
mod python;
mod rows;
mod table;
mod task;

use std::process::ExitCode;

use cli::{Demo, Role, Usage};

const SIZE: Role = Role {
    name: "size",
    args: &["N"],
    help: "the same with tasks that are N times as large, N from 1 to 100",
    run: |args| match args[0].parse() {
        Ok(size @ 1..=100) => table::run(size),
        _ => Err(Usage(format!("'{}' is not a size from 1 to 100", args[0])).into()),
    },
};

fn main() -> ExitCode {
    let lesson = || table::run(1);
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[SIZE] }.main()
}
