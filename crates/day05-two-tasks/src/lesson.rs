//! The same two tasks in several ways: how long, in which order, and by whom.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use cli::Outcome;

use crate::journal::Journal;
use crate::task::Task;

/// A way to get both done. It gives the results, and leaves nothing running.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&[Task; 2], &Journal) -> Outcome<Vec<u8>>,
}

pub(crate) fn compare(ways: &[Way], tasks: &[Task; 2]) -> Outcome {
    let mut out = io::stdout();
    let sum: Duration = tasks.iter().map(|task| task.time).sum();
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let times = [seconds(tasks[0].time), seconds(tasks[1].time)];
    writeln!(out, "two tasks, {} and {}, {} in all", times[0], times[1], seconds(sum))?;
    for Way { name, run } in ways {
        let journal = Journal::new()?;
        let start = Instant::now();
        let results = run(tasks, &journal)?;
        let took = start.elapsed();
        let notes = journal.read()?;

        let order: Vec<&str> = notes.iter().map(|note| note.what.as_str()).collect();
        let together = order.starts_with(&["begins", "begins"]);
        let less = took < sum;
        writeln!(out, "{name}: {}, less than the sum: {less}", seconds(took))?;
        writeln!(out, "  one {}; at the same time: {together}", order.join(", one "))?;
        for (task, result) in tasks.iter().zip(results) {
            let name = task.name;
            let Some(note) = notes.iter().find(|note| note.task == name) else { continue };
            let (process, thread) = (note.process, note.thread);
            writeln!(out, "  {name:<6} by process {process}, thread {thread}, result {result}")?;
        }
    }
    Ok(())
}
