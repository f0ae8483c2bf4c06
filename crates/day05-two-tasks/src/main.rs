//! Day 5: two functions, one of 3 s and one of 2 s, are to be done in less than 5 s.
//!
//! Watch for:
//! - one after the other takes the sum, each other way as long as the longer of the two;
//! - who does it: one process, two processes, two threads of one, or one thread with two timers;
//! - "at the same time" is no matter of clocks: both have begun before one has ended;
//! - whoever starts something waits for it, and gets its result.
//!
//! The tasks sleep, so that one processor is enough. Tasks that compute would need two.
//! `threads.rs` has a broken twin that differs there: the example `join_in_loop`.

mod in_turn;
mod journal;
mod lesson;
mod processes;
mod task;
mod threads;
mod timers;

use std::process::ExitCode;

use cli::{Demo, Outcome, Role};
use lesson::{Way, compare};
use task::{pair, parse};

const WAYS: &[Way] = &[in_turn::WAY, processes::WAY, threads::WAY, timers::WAY];

const ROLES: &[Role] = &[
    Role {
        name: "full",
        args: &[],
        help: "with the 3 s and 2 s of the course",
        run: |_| compare(WAYS, &pair(3000, 2000)),
    },
    Role {
        name: "take",
        args: &["MS", "MS"],
        help: "with these times, in milliseconds",
        run: |args| compare(WAYS, &pair(parse(&args[0])?, parse(&args[1])?)),
    },
];

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: ROLES }.main()
}

/// A tenth of the time is enough to see it.
fn lesson() -> Outcome {
    compare(WAYS, &pair(300, 200))
}
