//! Day 8: what threads share.
//!
//! Watch for:
//! - a Mutex owns its data: there is no way to the data but through the lock, and no unlock to
//!   forget, because the guard's end is the unlock;
//! - two locks are taken in one order by everybody;
//! - an atomic makes one operation indivisible, not two of them in a row;
//! - a Condvar is waited for in a loop that looks at the state;
//! - a channel hands the data over, and then nothing is shared;
//! - a panic under a lock poisons it: the next one is told.
//!
//! A file for each: `bank.rs`, `counter.rs`, `event.rs`, `queue.rs`, `channel.rs`, `poison.rs`,
//! `fetch.rs`. The examples have one mistake each: `lock_order` in `bank.rs`, `guard_held` in
//! `fetch.rs`, `if_instead_of_while` in `queue.rs`. Compare them with diff.

mod bank;
mod channel;
mod counter;
mod event;
mod fetch;
mod lesson;
mod poison;
mod queue;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson: lesson::run, roles: &[] }.main()
}
