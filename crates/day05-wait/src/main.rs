//! Day 5: who waits for whom? Orphans, zombies, and what a parent learns from wait.
//!
//! Watch for:
//! - an orphan goes to the nearest subreaper among its ancestors, and to PID 1 only without one;
//! - a zombie (state Z) keeps its id and its status until its parent asks, and cannot be killed;
//! - "status = exit code * 256" holds for a normal end only: a signal stands in the low bits;
//! - "not yet" is an answer of its own, and ECHILD is the end of the loop and no accident;
//! - waitpid(-1) takes whatever child comes, somebody else's too.
//!
//! Each file is one idea. `finish.rs`, `verdict.rs` and `ours.rs` have a broken twin each that
//! differs there: the examples `zombie_leak`, `status_as_code` and `wait_steals`.

mod any;
mod child;
mod crowd;
mod double;
mod finish;
mod guest;
mod ignored;
mod orphan;
mod ours;
mod status;
mod verdict;
mod zombie;

use std::process::ExitCode;

use cli::{Demo, Outcome};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[] }.main()
}

/// This program never has a second thread: whoever forks must not. And each part has collected
/// all its children before it says its first word, so that nothing stays behind when nobody
/// listens.
fn lesson() -> Outcome {
    ignored::default()?;
    orphan::run()?;
    zombie::run()?;
    crowd::run()?;
    status::run()?;
    any::run()?;
    guest::run()?;
    double::run()?;
    ignored::run()
}
