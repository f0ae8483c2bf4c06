//! Day 6: shared memory, the same bytes in several processes.
//!
//! Watch for:
//! - after fork a variable is private; only a MAP_SHARED mapping is everybody's;
//! - a write covers the one before, and "+= 1" is two steps: updates get lost, made sure once and
//!   then measured;
//! - fetch_add is one step, a lock makes many steps one;
//! - an array has a fixed length, a text is bytes and a length, and nothing may be a pointer;
//! - a segment with a name stays until shm_unlink, whoever ends;
//! - shared memory is fast as long as nobody waits, and then it does not keep what was written.
//!
//! `map.rs` and `semaphore.rs` hold what is unsafe, `worker.rs` the order of things, each other
//! file an idea. `add.rs` and `owner.rs` have a broken twin each: the examples `lost_update` and
//! `segment_left`. The finished form of all this is the crate `ipc`.

mod add;
mod array;
mod doors;
mod left;
mod map;
mod named;
mod owner;
mod private;
mod race;
mod segment;
mod semaphore;
mod speed;
mod text;
mod value;
mod ways;
mod worker;

use std::process::ExitCode;

use cli::{Demo, Outcome, Role};
use nix::sys::signal::Signal;
use process::signals::Disposition;

const ROLES: &[Role] = &[
    left::MAKE,
    named::ADD,
    left::UNLINK,
    Role {
        name: "speed",
        args: &[],
        help: "the table of pipe, queue and shared memory",
        run: |_| with_statuses(speed::run),
    },
];

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: ROLES }.main()
}

fn lesson() -> Outcome {
    with_statuses(|| {
        value::run()?;
        race::run()?;
        doors::run()?;
        array::run()?;
        text::run()?;
        private::run()?;
        named::run()?;
        left::run()?;
        speed::run()
    })
}

/// We want to know how our children end, however this program was started (day 5).
fn with_statuses(work: impl FnOnce() -> Outcome) -> Outcome {
    let _default = Disposition::default(Signal::SIGCHLD)?;
    work()
}
