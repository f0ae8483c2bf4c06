//! Synchronous and asynchronous: does the sender go on before its message was worked on?

use std::io::{self, Write as _};

use cli::Outcome;
use process::Child;

use crate::child::{finish, start};
use crate::queue::Queue;

const JOBS: [&str; 3] = ["1", "2", "3"];

pub(crate) fn run() -> Outcome {
    let question = step_by_step()?;
    let queue = go_on()?;
    let mut out = io::stdout();
    writeln!(out, "3 jobs for another process, as its boss sees them")?;
    writeln!(out, "  synchronous, a question and its answer: {}", question.join(", "))?;
    writeln!(out, "  asynchronous, a queue in between: {}", queue.join(", "))?;
    Ok(())
}

/// Synchronous: one step after the other. The boss sleeps while the worker works.
fn step_by_step() -> Outcome<Vec<String>> {
    let (jobs, answers) = (Queue::new("question", 1)?, Queue::new("answer", 1)?);
    let worker = worker(&jobs, &answers)?;
    let mut log = Vec::new();
    for job in JOBS {
        jobs.send(job, 0)?;
        log.push(format!("asked {job}"));
        log.push(answers.receive()?.0);
    }
    finish(worker)?;
    Ok(log)
}

/// Asynchronous: the kernel keeps the jobs, and the boss goes on at once. There is not even a
/// worker yet when the last one is sent.
fn go_on() -> Outcome<Vec<String>> {
    let (jobs, answers) = (Queue::new("jobs", 3)?, Queue::new("done", 3)?);
    let mut log = Vec::new();
    for job in JOBS {
        jobs.send(job, 0)?;
        log.push(format!("asked {job}"));
    }
    let worker = worker(&jobs, &answers)?;
    finish(worker)?;
    for _ in JOBS {
        log.push(answers.receive()?.0);
    }
    Ok(log)
}

fn worker(jobs: &Queue, answers: &Queue) -> Outcome<Child> {
    start(|| {
        for _ in JOBS {
            let job = jobs.receive()?.0;
            answers.send(&format!("done {job}"), 0)?;
        }
        Ok(())
    })
}
