//! Ten tasks, done in three ways. All three add up what the tasks have done.

use std::io::{self, Read as _, Write as _};
use std::thread;

use cli::Outcome;
use process::{Deadline, Process};

use crate::task::Task;

pub(crate) const TASKS: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Line,
    Thread,
    Process,
}

impl Row {
    /// In the order of the notes.
    pub(crate) const ALL: [Self; 3] = [Self::Line, Self::Thread, Self::Process];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Line => "Line",
            Self::Thread => "Thread",
            Self::Process => "Process",
        }
    }

    pub(crate) fn run(self, task: Task, size: u32) -> Outcome<u64> {
        match self {
            Self::Line => line(task, size),
            Self::Thread => in_threads(task, size),
            Self::Process => in_processes(task, size),
        }
    }
}

/// One after the other.
fn line(task: Task, size: u32) -> Outcome<u64> {
    let mut sum = 0;
    for _ in 0..TASKS {
        sum += task.run(size)?;
    }
    Ok(sum)
}

fn in_threads(task: Task, size: u32) -> Outcome<u64> {
    let mut threads = Vec::new();
    for _ in 0..TASKS {
        // thread::spawn would panic where the system has no thread left; the builder tells.
        threads.push(thread::Builder::new().spawn(move || task.run(size))?);
    }
    let mut sum = 0;
    for thread in threads {
        // What a thread returns is handed over by join: they share their memory.
        sum += thread.join().map_err(|_| "a thread panicked")??;
    }
    Ok(sum)
}

fn in_processes(task: Task, size: u32) -> Outcome<u64> {
    // Processes share nothing; an exit code has 8 bits. So the numbers come through a pipe. Ten of
    // them fit into it, and nobody has to read while they are written.
    let (mut reader, mut writer) = io::pipe()?;
    let mut processes = Vec::new();
    for _ in 0..TASKS {
        // Only a process with a single thread forks: the threads of the row above were joined.
        let work = || match task.run(size).and_then(|n| writer.write_all(&n.to_ne_bytes())) {
            Ok(()) => 0,
            Err(error) => error.raw_os_error().unwrap_or(255),
        };
        processes.push(Process::new(work).start()?);
    }
    drop(writer);
    for process in &mut processes {
        let exit = process.join(Deadline::Never)?.ok_or("a process has not ended")?;
        if !exit.success() {
            return Err(format!("a process ended with {exit}").into());
        }
    }
    let mut numbers = Vec::new();
    reader.read_to_end(&mut numbers)?;
    let (numbers, _) = numbers.as_chunks::<8>();
    Ok(numbers.iter().map(|&number| u64::from_ne_bytes(number)).sum())
}
