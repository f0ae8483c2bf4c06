//! Somebody in a process of his own: this program again, in another role. Pipes are his keyboard and
//! his screen.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use cli::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

#[derive(Debug)]
pub(crate) struct Actor {
    name: &'static str,
    child: Child,
    keyboard: ChildStdin,
    screen: BufReader<ChildStdout>,
}

impl Actor {
    pub(crate) fn start(name: &'static str, role: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(role).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (keyboard, screen) = (child.stdin.take(), child.stdout.take());
        let keyboard = keyboard.ok_or("a child without standard input")?;
        let screen = BufReader::new(screen.ok_or("a child without standard output")?);
        Ok(Self { name, child, keyboard, screen })
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) -> Outcome {
        writeln!(io::stdout(), "{:<6}  types {line}", self.name)?;
        // One write: a line is typed at once.
        Ok(self.keyboard.write_all(format!("{line}\n").as_bytes())?)
    }

    /// Waits for the next line on his screen.
    pub(crate) fn says(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.screen.read_line(&mut line)? == 0 {
            return Err(format!("{} has ended too early", self.name).into());
        }
        writeln!(io::stdout(), "{:<6}  shows {}", self.name, line.trim_end())?;
        line.truncate(line.trim_end().len());
        Ok(line)
    }

    pub(crate) fn signal(&self, signal: Signal) -> Outcome {
        Ok(kill(Pid::from_raw(self.child.id().cast_signed()), signal)?)
    }

    /// Waits for his end, which is a good one.
    pub(crate) fn ends(&mut self) -> Outcome {
        let status = self.child.wait()?;
        if !status.success() {
            return Err(format!("{} has ended badly: {status}", self.name).into());
        }
        Ok(writeln!(io::stdout(), "{:<6}  has ended", self.name)?)
    }
}

/// Where the story breaks off, nobody stays behind.
impl Drop for Actor {
    fn drop(&mut self) {
        // Both do nothing when he has been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
