//! A child process, and a line to it: what the two say to each other is the order of a lesson.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use process::{Deadline, Pid, Process, Started};

/// One end of a line, which is a pipe in both directions.
pub(crate) struct Line(UnixStream);

impl Line {
    /// "Go on", or "I am there".
    pub(crate) fn tell(&self) -> Outcome {
        Ok((&self.0).write_all(b"!")?)
    }

    /// Waits until the other side tells. If that ends first, this is an error and no long wait.
    pub(crate) fn hear(&self) -> Outcome {
        match (&self.0).read_exact(&mut [0]) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err("a process has gone before it said its word".into())
            }
            heard => Ok(heard?),
        }
    }
}

/// Killed and waited for when it is dropped, and when its parent ends.
pub(crate) struct Worker {
    // Fields are dropped in this order: it is killed before its line ends under it.
    process: Started,
    line: Line,
}

impl Worker {
    pub(crate) fn start(work: impl FnOnce(&Line) -> Outcome) -> Outcome<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let (mut ours, theirs) = (Some(ours), Line(theirs));
        let child = || {
            // Our end has been copied as well. A line ends when all copies of one end are closed.
            ours = None;
            let done = work(&theirs);
            done.map_err(|error| writeln!(io::stderr(), "a worker: {error}")).is_err().into()
        };
        let process = Process::new(child).daemon(true).start()?;
        let line = Line(ours.expect("only the child has given it away"));
        Ok(Self { process, line })
    }

    pub(crate) fn tell(&self) -> Outcome {
        self.line.tell()
    }

    pub(crate) fn hear(&self) -> Outcome {
        self.line.hear()
    }

    pub(crate) fn pid(&self) -> Pid {
        self.process.pid()
    }

    /// Waits for its end, and fails when it has failed.
    pub(crate) fn finish(mut self) -> Outcome {
        match self.process.join(Deadline::Never)? {
            Some(exit) if exit.success() => Ok(()),
            Some(exit) => Err(format!("a worker failed: {exit}").into()),
            None => Err("a worker is still there".into()),
        }
    }
}
