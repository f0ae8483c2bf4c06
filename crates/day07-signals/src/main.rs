//! Day 7: signals, the messages that interrupt.
//!
//! Watch for:
//! - a signal is a number without contents, and its default action is one of five: end, end with
//!   a core, stop, continue, nothing. The table is what children did that were sent one each;
//! - pause has a gap before it in which a signal is lost, sigsuspend has none;
//! - a handler runs between any two instructions, so it may do next to nothing: an atomic, a
//!   write. Python runs its handlers later, in the main thread; C and Rust run them at once;
//! - five of the same are one delivery, unless they are real-time signals;
//! - a call that waits fails with EINTR, and poll does so even with SA_RESTART;
//! - masks and ignored signals survive exec, handlers do not.
//!
//! Each file is one idea, and each experiment has a process of its own (`child.rs`). The calls
//! are made bare here; `process::signals` is the form in which they cannot be misused. Broken
//! twins differ in one file each: `pause_race` in `wait.rs`, `handler_locks` in `note.rs`,
//! `count_signals` in `event.rs`.

mod alarm;
mod child;
mod count;
mod default;
mod eintr;
mod event;
mod fd;
mod handler;
mod limits;
mod locked;
mod mask;
mod note;
mod others;
mod pause;
mod pending;
mod race;
mod send;
mod table;
mod wait;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson, roles: &[mask::ROLE] }.main()
}

fn lesson() -> Outcome {
    table::run()?;
    send::run()?;
    alarm::run()?;
    pause::run()?;
    race::run()?;
    limits::run()?;
    locked::run()?;
    fd::run()?;
    pending::run()?;
    count::run()?;
    eintr::run()?;
    mask::run()?;
    others::run()
}
