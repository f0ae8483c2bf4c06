//! The table, and on what it was measured.

use std::fs;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use cli::Outcome;

use crate::machine::{Noise, Watch, processors};
use crate::measure::{self, Cell, ROUNDS};
use crate::python;
use crate::rows::{Row, TASKS};
use crate::task::Task;

/// The notes' Python, in seconds, and a GIL. Their IO gains nothing by threads, although "threads
/// suit IO": that IO was no waiting either.
const NOTES: [(Row, f64, f64); 3] =
    [(Row::Line, 8.74, 3.65), (Row::Thread, 8.99, 3.81), (Row::Process, 4.48, 2.18)];

pub(crate) fn run(size: u32) -> Outcome {
    let mut out = io::stdout();
    let processors = processors()?;
    let mode = if cfg!(debug_assertions) { "debug" } else { "release" };
    writeln!(out, "{TASKS} tasks, {ROUNDS} rounds, median; {mode} build, size {size}")?;
    writeln!(out, "processors that we may use (sched_getaffinity): {processors}")?;
    // The one that knows of time shares as well (cgroups), rounded down.
    let shares = std::thread::available_parallelism()?;
    writeln!(out, "  with the limits of cgroups (available_parallelism): {shares}")?;

    let (start, watch) = (Instant::now(), Watch::start()?);
    let cells = measure::all(size)?;
    let noise = watch.stop()?;
    tell(&noise, start.elapsed())?;

    writeln!(out, "\nRust             cpu              IO               wait")?;
    each(&cells, |cell, line| format!("{:>5} ms {:>5.2} ×", ms(cell.took), ratio(line, cell)))?;
    writeln!(out, "\nprocessor time: who works at once does not work less")?;
    each(&cells, |cell, _| format!("{:>5} ms        ", ms(cell.cpu)))?;
    writeln!(out, "\nwhat was done, in each row the same")?;
    for task in Task::ALL {
        let done = cells.iter().filter(|cell| cell.task == task).map(|cell| cell.done.to_string());
        writeln!(out, "  {} {}", done.collect::<Vec<_>>().join(" = "), task.unit())?;
    }

    writeln!(out)?;
    python::show(python::measure(size))?;
    writeln!(out, "\nthe notes' Python, speed-up over its own Line")?;
    let (_, line_cpu, line_io) = NOTES[0];
    for (row, cpu, io) in NOTES {
        writeln!(out, "{:<9}{:>13.2} ×{:>13.2} ×", row.name(), line_cpu / cpu, line_io / io)?;
    }
    Ok(())
}

/// A line for each row of the table.
fn each(cells: &[Cell], show: impl Fn(&Cell, &Cell) -> String) -> Outcome {
    for row in Row::ALL {
        let cells_of = |row| cells.iter().filter(move |cell| cell.row == row);
        let columns = cells_of(row).zip(cells_of(Row::Line)).map(|(cell, line)| show(cell, line));
        let columns: Vec<String> = columns.collect();
        writeln!(io::stdout(), "{:<9}{}", row.name(), columns.join(" ").trim_end())?;
    }
    Ok(())
}

/// Ratios are only worth as much as the machine was idle.
fn tell(noise: &Noise, took: Duration) -> Outcome {
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split(' ').next().unwrap_or("?");
    let share = |time: Duration| 100.0 * time.as_secs_f64() / took.as_secs_f64();
    let (others, stolen) = (share(noise.others), share(noise.stolen));
    let mut out = io::stdout();
    writeln!(out, "meanwhile, in percent of one processor, others used {others:.0}")?;
    writeln!(out, "  and {stolen:.0} were stolen by the host (steal); load {load}")?;
    let verdict = if others + stolen > 10.0 { "noisy: do not trust the ratios" } else { "idle" };
    writeln!(out, "  the machine was {verdict}")?;
    Ok(())
}

/// How many times as fast as Line.
fn ratio(line: &Cell, cell: &Cell) -> f64 {
    line.took.as_secs_f64() / cell.took.as_secs_f64()
}

fn ms(time: Duration) -> String {
    format!("{:.0}", time.as_secs_f64() * 1000.0)
}
