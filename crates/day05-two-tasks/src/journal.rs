//! What the tasks say about themselves, in the order in which it happens: one pipe, into which
//! processes and threads can write alike.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};

use cli::Outcome;
use nix::unistd::{getpid, gettid};

use crate::task::Task;

pub(crate) struct Journal {
    reader: PipeReader,
    writer: PipeWriter,
}

/// `begins first 4711 4712`: what, who, and where: process and thread.
pub(crate) struct Note {
    pub(crate) what: String,
    pub(crate) task: String,
    pub(crate) process: i32,
    pub(crate) thread: i32,
}

impl Journal {
    pub(crate) fn new() -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        Ok(Self { reader, writer })
    }

    /// One short write(2): the kernel keeps it in one piece (PIPE_BUF), whoever else writes.
    pub(crate) fn note(&self, what: &str, task: &Task) -> io::Result<()> {
        let line = format!("{what} {} {} {}\n", task.name, getpid(), gettid());
        (&self.writer).write_all(line.as_bytes())
    }

    /// All notes. The tasks have ended, so ours is the last writing end.
    pub(crate) fn read(mut self) -> Outcome<Vec<Note>> {
        drop(self.writer);
        let mut text = String::new();
        self.reader.read_to_string(&mut text)?;
        let note = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let [what, task, process, thread] = words[..] else { return None };
            let (process, thread) = (process.parse().ok()?, thread.parse().ok()?);
            Some(Note { what: what.into(), task: task.into(), process, thread })
        };
        let notes: Option<Vec<Note>> = text.lines().map(note).collect();
        Ok(notes.ok_or("the journal cannot be read")?)
    }
}
