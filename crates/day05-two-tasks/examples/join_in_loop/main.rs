//! The broken twin: two threads that never run at the same time.
//!
//! Watch for: there are two threads, both results are right, and it takes the sum, as long as one
//! after the other: the second begins when the first has ended.
//! The mistake: `diff crates/day05-two-tasks/src/threads.rs crates/day05-two-tasks/examples/join_in_loop/threads.rs`

#[path = "../../src/in_turn.rs"]
mod in_turn;
#[path = "../../src/journal.rs"]
mod journal;
#[path = "../../src/lesson.rs"]
mod lesson;
#[path = "../../src/task.rs"]
#[allow(dead_code, reason = "the demo uses all of it")]
mod task;
mod threads;

use std::process::ExitCode;

use cli::Demo;

fn main() -> ExitCode {
    let about = "Started and joined in one loop: compare its threads.rs with the demo's.";
    let lesson = || lesson::compare(&[in_turn::WAY, threads::WAY], &task::pair(300, 200));
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}
