//! A process for each: fork, and then wait.

use cli::Outcome;
use nix::sys::signal::Signal;
use process::signals::Disposition;
use process::{Deadline, Exit, fork};

use crate::journal::Journal;
use crate::lesson::Way;
use crate::task::Task;

pub(crate) const WAY: Way = Way { name: "two processes", run };

fn run(tasks: &[Task; 2], journal: &Journal) -> Outcome<Vec<u8>> {
    // Where SIGCHLD is ignored, which may be inherited, the kernel throws exit statuses away.
    let _kept = Disposition::default(Signal::SIGCHLD)?;
    // Forked before there are threads: fork would leave them behind, so it refuses.
    let mut children = Vec::new();
    for task in tasks {
        // The child's memory is its own: its result comes back as its exit status.
        children.push(fork(|| task.run(journal).map_or(FAILED, i32::from))?);
    }
    // Both run. Waiting comes last, and for each of them: what was started has to be collected.
    let mut results = Vec::new();
    for mut child in children {
        match child.join(Deadline::Never)? {
            Some(Exit::Code(code)) if code != FAILED => results.push(u8::try_from(code)?),
            other => return Err(format!("a task has failed: {other:?}").into()),
        }
    }
    Ok(results)
}

const FAILED: i32 = 255;
