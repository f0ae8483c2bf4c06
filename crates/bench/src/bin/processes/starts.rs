//! A process that does nothing.

use bench::Side;
use cli::Outcome;
use process::{Deadline, Exit, Process};

use crate::case::Failure;
use crate::raw;

/// fork(2), _exit(2), waitpid(2).
#[derive(Debug)]
pub(crate) struct Raw;

impl Side for Raw {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            raw::wait(raw::fork(|| {})?)?;
        }
        Ok(())
    }
}

/// [`Process::start`] and join.
#[derive(Debug)]
pub(crate) struct Ours;

impl Side for Ours {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            let mut process = Process::new(|| 0).start()?;
            if process.join(Deadline::Never)? != Some(Exit::Code(0)) {
                return Err("a process did not end as it should".into());
            }
        }
        Ok(())
    }
}
