//! 64 bytes there and back.

use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};

use bench::Side;
use cli::Outcome;
use ipc::Pipe;
use ipc::pipe::Connection;
use nix::unistd::Pid;
use process::{Deadline, Process, Started};

use crate::case::Failure;
use crate::raw;

pub(crate) const SIZE: usize = 64;

/// Two pipes, and a child that sends back what it reads: one read and one write on either side.
#[derive(Debug)]
pub(crate) struct Raw {
    /// An Option, because it has to be closed before the child can be waited for.
    to: Option<PipeWriter>,
    from: PipeReader,
    child: Pid,
}

impl Raw {
    pub(crate) fn new() -> Outcome<Self> {
        let (mut there, to) = pipe()?;
        let (from, mut back) = pipe()?;
        let child = raw::fork(|| {
            // Its copies of the parent's ends: with them open it would never see the end.
            close(&to);
            close(&from);
            let mut bytes = [0; SIZE];
            while matches!(there.read(&mut bytes), Ok(SIZE)) && back.write(&bytes).is_ok() {}
        })?;
        Ok(Self { to: Some(to), from, child })
    }
}

/// In a child that leaves by _exit, whose copies of its parent's values are never dropped.
fn close(end: &impl std::os::fd::AsRawFd) {
    // SAFETY: the descriptor belongs to a value that this process never uses or drops again.
    unsafe { libc::close(end.as_raw_fd()) };
}

impl Side for Raw {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        let mut bytes = [7; SIZE];
        let to = self.to.as_mut().ok_or("closed")?;
        for _ in 0..times {
            if to.write(&bytes)? != SIZE || self.from.read(&mut bytes)? != SIZE {
                return Err("a pipe cut a message".into());
            }
        }
        Ok(())
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.to = None;
        // Nothing else could be done about it.
        let _ = raw::wait(self.child);
    }
}

/// [`Pipe::duplex`].
#[derive(Debug)]
pub(crate) struct Ours {
    connection: Connection,
    /// Ends with its parent's end of the pipe; dropped after it.
    _child: Started,
}

impl Ours {
    pub(crate) fn new() -> Outcome<Self> {
        let (connection, mut other) = Pipe::duplex()?;
        let (connection, child) = {
            let mut parents = Some(connection);
            let child = Process::new(|| {
                parents.take();
                while let Ok(message) = other.recv(Deadline::Never) {
                    if other.send(&message, Deadline::Never).is_err() {
                        break;
                    }
                }
                0
            })
            .daemon(true)
            .start()?;
            (parents.ok_or("taken")?, child)
        };
        Ok(Self { connection, _child: child })
    }
}

impl Side for Ours {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        let bytes = [7; SIZE];
        for _ in 0..times {
            self.connection.send(&bytes, Deadline::Never)?;
            if self.connection.recv(Deadline::Never)? != bytes {
                return Err("another message came back".into());
            }
        }
        Ok(())
    }
}
