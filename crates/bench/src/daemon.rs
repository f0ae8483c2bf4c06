//! A server that runs: a process, and whatever it forks, that is gone when its owner is.
//!
//! Foreign servers neither take port 0 and say which they got, nor say when they are ready. So a
//! free port is looked for, and the server is asked until it answers or has ended, because somebody
//! else was faster at the port.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command};
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// A server that has not answered after so long does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// One that runs, in a process group of its own, which is killed with it.
#[derive(Debug)]
pub struct Daemon(Child);

impl Daemon {
    /// Starts it.
    ///
    /// # Errors
    /// Those of fork(2) and execve(2).
    pub fn start(command: &mut Command) -> io::Result<Self> {
        command.process_group(0).spawn().map(Self)
    }

    /// The group's number, which is that of its first process.
    pub fn group(&self) -> Pid {
        Pid::from_raw(self.0.id().cast_signed())
    }

    /// Its standard output, once, when that is a pipe.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// Whether it has come to its end by itself.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// Asks until there is an answer; `false` when there is nobody any more who could give one.
    ///
    /// # Errors
    /// What `ask` gave at last.
    pub fn until(&mut self, ask: impl Fn() -> Outcome) -> Outcome<bool> {
        let start = Instant::now();
        loop {
            let answer = ask();
            if self.has_ended()? {
                return Ok(false);
            }
            match answer {
                Ok(()) => return Ok(true),
                Err(error) if start.elapsed() > PATIENCE => return Err(error),
                Err(_) => thread::yield_now(),
            }
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // The number of one that has ended may be somebody else's. Nothing could be done about a
        // failure.
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = killpg(self.group(), Signal::SIGKILL);
            let _ = self.0.wait();
        }
    }
}

/// An address of this machine with a port that nobody had a moment ago.
///
/// # Errors
/// EMFILE.
pub fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?.local_addr()
}

/// Where on PATH a program lies.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
