//! A process class of one's own: a type with `run`.

use std::io::{self, Write as _};
use std::thread::sleep;
use std::time::Duration;

use cli::Outcome;
use process::{Deadline, Process, Run};

/// The notes' ClockProcess. Python inherits from Process, calls its `__init__` and overrides
/// `run`. Here a type has its own fields and a `run`, and Process takes it: nothing is inherited,
/// so nothing of the parent class can be forgotten.
struct Clock {
    every: Duration,
    times: u32,
}

impl Run for Clock {
    /// What the child does; the result is its exit code. The notes call `run` by hand nowhere:
    /// start does, in the child. Called by hand it would run here, in the parent.
    fn run(self) -> i32 {
        let mut out = io::stdout();
        for tick in 1..=self.times {
            sleep(self.every);
            if writeln!(out, "  {}: tick {tick}", process::current()).is_err() {
                return 1;
            }
        }
        0
    }
}

pub(crate) fn run() -> Outcome {
    let clock = Clock { every: Duration::from_millis(20), times: 3 };
    writeln!(io::stdout(), "an own type: three ticks, 20 ms apart")?;
    let mut process = Process::new(clock).name("clock").start()?;
    // The child prints and the parent joins before it prints again: that makes the order.
    let exit = process.join(Deadline::Never)?;
    // A reader that has gone is found by whoever writes first, which may be the child.
    if process.exit_code()? == Some(1) {
        return Err(io::Error::from(io::ErrorKind::BrokenPipe).into());
    }
    writeln!(io::stdout(), "  {}", crate::steps::shown(exit))?;
    Ok(())
}
