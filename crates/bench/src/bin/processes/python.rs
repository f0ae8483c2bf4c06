//! CPython's `multiprocessing` in a process of its own: it is told how many runs to make, and
//! answers when they are done, so that its start is not measured.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use bench::Side;
use cli::Outcome;

use crate::case::{Case, Failure, Measured};
use crate::{pipes, pools, queues};

const SCRIPT: &str = include_str!("sides.py");

/// `None` where there is no python3, or one without `multiprocessing`.
pub(crate) fn side(case: Case) -> Outcome<Option<Measured>> {
    let name = match case {
        Case::Start => "start",
        Case::Pipe => "pipe",
        Case::Semaphore => "semaphore",
        Case::Queue => "queue",
        Case::Pool => "pool",
    };
    let numbers = [pipes::SIZE, queues::MESSAGES as usize, pools::TASKS as usize, pools::WORKERS];
    let spawned = Command::new("python3")
        .args(["-c", SCRIPT, name])
        .args(numbers.map(|number| number.to_string()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else { return Ok(None) };
    let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("python3 has no pipes".into());
    };
    let mut python = Python { child, to: Some(to), from: BufReader::new(from) };
    Ok(if python.answers("ready")? { Some(Box::new(python)) } else { None })
}

#[derive(Debug)]
struct Python {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Python {
    fn answers(&mut self, word: &str) -> Outcome<bool> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        Ok(line.trim_end() == word)
    }
}

impl Side for Python {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        writeln!(self.to.as_mut().ok_or("closed")?, "{times}")?;
        if self.answers("done")? { Ok(()) } else { Err("python3 has failed".into()) }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends with its input. Nothing else could be done about a failure.
        self.to = None;
        let _ = self.child.wait();
    }
}
