//! How long it took, and how much processor time it needed.

use std::time::{Duration, Instant};

use cli::Outcome;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::rows::{Row, TASKS};
use crate::task::Task;

/// An odd number, so that the median is one of them.
pub(crate) const ROUNDS: usize = if cfg!(debug_assertions) { 3 } else { 5 };

/// One place in the table.
pub(crate) struct Cell {
    pub(crate) task: Task,
    pub(crate) row: Row,
    /// What the tasks have done, each time the same.
    pub(crate) done: u64,
    pub(crate) took: Duration,
    pub(crate) cpu: Duration,
}

/// Round after round, and in each round every place once: what disturbs the machine for a while
/// disturbs all rows. Of the rounds the median counts: one bad round does not move it.
pub(crate) fn all(size: u32) -> Outcome<Vec<Cell>> {
    // One of each before the first measurement: what is slow the first time only is over, and it
    // is known what a task has to do.
    let alone: Vec<u64> = Task::ALL.iter().map(|task| task.run(size)).collect::<Result<_, _>>()?;
    let places = Task::ALL.map(|task| Row::ALL.map(|row| (task, row)));
    let mut found: Vec<Vec<Cell>> = places.as_flattened().iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (&(task, row), rounds) in places.as_flattened().iter().zip(&mut found) {
            rounds.push(once(task, row, size)?);
        }
    }
    for cell in found.iter().flatten() {
        let expected = alone[cell.task as usize] * TASKS as u64;
        if cell.done != expected {
            return Err(format!("{}: {}, not {expected}", cell.row.name(), cell.done).into());
        }
    }
    found.into_iter().map(|rounds| median(rounds).ok_or_else(|| "no round".into())).collect()
}

fn once(task: Task, row: Row, size: u32) -> Outcome<Cell> {
    let (start, before) = (Instant::now(), processor_time()?);
    let done = row.run(task, size)?;
    let (took, cpu) = (start.elapsed(), processor_time()?.saturating_sub(before));
    Ok(Cell { task, row, done, took, cpu })
}

/// Of time and of processor time, each for itself.
fn median(mut rounds: Vec<Cell>) -> Option<Cell> {
    let middle = rounds.len() / 2;
    rounds.sort_by_key(|cell| cell.cpu);
    let cpu = rounds.get(middle)?.cpu;
    rounds.sort_by_key(|cell| cell.took);
    Some(Cell { cpu, ..rounds.swap_remove(middle) })
}

/// Of this process with all its threads, and of the children that were waited for.
pub(crate) fn processor_time() -> Outcome<Duration> {
    let mut sum = Duration::ZERO;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)?;
        sum += duration(usage.user_time()) + duration(usage.system_time());
    }
    Ok(sum)
}

fn duration(time: TimeVal) -> Duration {
    let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
    Duration::from_micros(micros.try_into().unwrap_or(0))
}
