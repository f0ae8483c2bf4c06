//! A pool by hand: one pipe with the tasks, one with the answers, two workers.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
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

    // WRONG: it counts answers, as Python's Pool does, and looks at nothing else. The one that was
    // lost with its worker never comes, and the pipe does not end, for we hold an end of it too.
    let mut done = gather(&answers, TASKS.len())?;
    done.sort_unstable();
    let lost: Vec<u8> = TASKS.into_iter().filter(|task| !done.contains(task)).collect();
    drop(answer);

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

/// Waits for so many answers. Here alone for half a second at most: this program shall end.
fn gather(mut answers: &PipeReader, count: usize) -> Outcome<Vec<u8>> {
    let mut done = Vec::new();
    while done.len() < count {
        let mut fds = [PollFd::new(answers.as_fd(), PollFlags::POLLIN)];
        if poll(&mut fds, PollTimeout::from(500_u16))? == 0 {
            let (have, missing) = (done.len(), count - done.len());
            writeln!(io::stdout(), "{have} answers, and for 500 ms none: {missing} still to come")?;
            break;
        }
        let mut answer = [0; 2];
        answers.read_exact(&mut answer)?;
        done.push(answer[0]);
    }
    Ok(done)
}
