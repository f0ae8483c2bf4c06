//! A pool by hand: one pipe with the tasks, one with the answers, two workers.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};

use cli::Outcome;
use nix::sys::signal::{Signal, raise};
use process::{Deadline, Process, Started};

const TASKS: [u8; 6] = [1, 2, 3, 4, 5, 6];
/// Whoever gets it dies.
const POISON: u8 = 3;

/// Both read from one pipe: a byte goes to one reader only, so this is already a queue.
fn worker(mut tasks: &PipeReader, mut answers: &PipeWriter) -> io::Result<()> {
    let mut task = [0];
    while tasks.read(&mut task)? == 1 {
        let [number] = task;
        if number == POISON {
            raise(Signal::SIGKILL)?;
        }
        // Two bytes in one write: nobody else's come between them (PIPE_BUF, pipe(7)).
        answers.write_all(&[number, number * number])?;
    }
    Ok(())
}

fn start(tasks: &PipeReader, answers: &PipeWriter) -> Outcome<Started> {
    let (tasks, answers) = (tasks.try_clone()?, answers.try_clone()?);
    Ok(Process::new(move || i32::from(worker(&tasks, &answers).is_err())).daemon(true).start()?)
}

pub(crate) fn run() -> Outcome {
    let (queue, mut submit) = io::pipe()?;
    submit.write_all(&TASKS)?;
    let (answers, answer) = io::pipe()?;
    drop(submit);
    let mut workers = [start(&queue, &answer)?, start(&queue, &answer)?];
    drop(queue);

    // Only the workers can answer now: when the last of them is gone, killed or not, the kernel
    // ends the pipe. So this waits for answers *and* for the end of those who give them.
    drop(answer);
    let mut done = gather(&answers)?;
    done.sort_unstable();
    let lost: Vec<u8> = TASKS.into_iter().filter(|task| !done.contains(task)).collect();

    let mut killed = 0;
    for worker in &mut workers {
        killed +=
            usize::from(worker.join(Deadline::Never)?.and_then(process::Exit::code) == Some(-9));
    }
    let mut out = io::stdout();
    writeln!(out, "a pool by hand, 6 tasks, one of them kills its worker:")?;
    writeln!(out, "  answered {done:?}, lost {lost:?}, workers killed: {killed}")?;
    Ok(())
}

/// The tasks that have been answered.
fn gather(mut answers: &PipeReader) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    answers.read_to_end(&mut bytes)?;
    Ok(bytes.chunks_exact(2).map(|answer| answer[0]).collect())
}
