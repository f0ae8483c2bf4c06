//! A thread for each, in one process: spawn, and then join.

use std::thread;

use cli::Outcome;

use crate::journal::Journal;
use crate::lesson::Way;
use crate::task::Task;

pub(crate) const WAY: Way = Way { name: "two threads", run };

fn run(tasks: &[Task; 2], journal: &Journal) -> Outcome<Vec<u8>> {
    // The scope waits for its threads in any case, so they may borrow what is ours.
    thread::scope(|scope| {
        let mut results = Vec::new();
        for task in tasks {
            let thread = thread::Builder::new().name(task.name.into());
            let thread = thread.spawn_scoped(scope, || task.run(journal))?;
            // WRONG: nobody starts the second one while we wait for the first. Iterators hide it
            // better: `.map(spawn).map(join)` without a `collect` between them is this loop.
            results.push(thread.join().map_err(|_| "a task panicked")??);
        }
        Ok(results)
    })
}
