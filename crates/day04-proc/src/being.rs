//! A process to look at: this very program, started again in the role `be`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::sys::signal::{SigHandler, Signal, kill, signal};
use nix::unistd::Pid;

/// Ended and waited for when it is dropped, so that no lesson leaves a process behind.
pub(crate) struct Being {
    child: Child,
    input: Option<ChildStdin>,
    /// "ready", or why it could not be what it should.
    pub(crate) said: String,
}

impl Being {
    /// Starts one, and returns when it has said that it is what it should be.
    pub(crate) fn start(kind: &str, name: &str) -> Outcome<Self> {
        let mut command = this_program()?;
        command.args(["be", kind, name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut being = Self { child, input, said: String::new() };
        if let Some(output) = output {
            BufReader::new(output).read_line(&mut being.said)?;
        }
        if being.said.is_empty() {
            return Err(format!("a process that should be '{kind}' has ended").into());
        }
        being.said.truncate(being.said.trim_end().len());
        Ok(being)
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// A byte on its standard input: it waits for one, computes until the next, waits again.
    pub(crate) fn turn(&mut self) -> Outcome {
        self.input.iter_mut().try_for_each(|input| input.write_all(b"\n"))?;
        Ok(())
    }

    /// The end of its input is the end of it. Nobody has waited for it yet.
    pub(crate) fn end(&mut self) {
        self.input = None;
    }

    pub(crate) fn send(&self, signal: Signal) -> Outcome {
        Ok(kill(self.pid(), signal)?)
    }

    /// wait: the parent takes the status, and the process is gone.
    pub(crate) fn wait(&mut self) -> Outcome {
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Being {
    fn drop(&mut self) {
        // SIGKILL ends it in any state. One that was waited for is left alone by std.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program again. SIGCHLD may have been ignored by whoever started us, and that is inherited:
/// then there would be no state Z, and no status for us.
pub(crate) fn this_program() -> Outcome<Command> {
    // SAFETY: no handler is installed; the default calls none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    Ok(Command::new(std::env::current_exe()?))
}

/// /proc has nothing to wait on: one looks again and again, and gives the processor away in
/// between. A state that never comes is an error, not a lesson that hangs.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Outcome<Option<T>>) -> Outcome<T> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(30) {
        if let Some(found) = look()? {
            return Ok(found);
        }
        thread::yield_now();
    }
    Err(format!("waited in vain for: {what}").into())
}
