//! Day 7: how processes wait for each other.
//!
//! Watch for:
//! - a semaphore is a number: acquire waits at 0, release has no bound and asks nobody's leave;
//! - who waits is asleep in the kernel (S, in futex) and costs nothing;
//! - synchronisation is an order, mutual exclusion is "one at a time, in any order";
//! - an event wakes all who wait, and each of them looks again before it believes it;
//! - a lock has an owner; when that is killed, a robust lock says so, and wants to be repaired;
//! - a file lock is released by the kernel, and says nothing; that of fcntl sooner than one thinks.
//!
//! `semaphore.rs`, `event.rs` and `mutex.rs` are the three tools over `map.rs`, and what is unsafe
//! is there; the other files use them, one idea each. `leave.rs` and `kind.rs` have a broken twin
//! each: the examples `sem_posted_twice` and `dead_owner`. The finished form is the crate `ipc`.

mod critical;
mod event;
mod filelock;
mod gate;
mod heir;
mod kind;
mod leave;
mod map;
mod mutex;
mod owner;
mod parking;
mod record;
mod relay;
mod semaphore;
mod unbounded;
mod waiting;
mod worker;

use std::process::ExitCode;

use cli::{Demo, Outcome};
use nix::sys::signal::Signal;
use process::signals::Disposition;

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson, roles: &[filelock::HOLD] }.main()
}

fn lesson() -> Outcome {
    // We want to know how our children end, however this program was started (day 5).
    let _statuses = Disposition::default(Signal::SIGCHLD)?;
    parking::run()?;
    unbounded::run()?;
    relay::run()?;
    critical::run()?;
    gate::run()?;
    owner::run()?;
    heir::run()?;
    filelock::run()
}
