//! What a server says about itself: at a terminal who serves whom; to the lesson a little more,
//! through a pipe, so that the lesson need not guess from times.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpid, gettid};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// "I am about to wait for whoever comes."
    Waits,
    /// "I serve this client, and do nothing else until it has gone."
    Stays,
    /// "I serve this client too."
    Takes,
    /// "I compute for this client, and do nothing else until I am done."
    Thinks,
    /// "A child of mine has ended, and I have waited for it."
    Reaped,
}

impl Word {
    const ALL: [Self; 5] = [Self::Waits, Self::Stays, Self::Takes, Self::Thinks, Self::Reaped];
}

/// A word as the lesson gets it: who has said it, and about which client.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    pub(crate) word: Word,
    pub(crate) pid: i32,
    pub(crate) tid: i32,
    pub(crate) port: u16,
}

impl Said {
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split_whitespace();
        let name = parts.next()?;
        let word = Word::ALL.into_iter().find(|word| format!("{word:?}") == name)?;
        let (pid, tid) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { word, pid, tid, port: parts.next()?.parse().ok()? })
    }
}

#[derive(Clone)]
pub(crate) struct Report(Option<Arc<Lesson>>);

struct Lesson {
    words: PipeWriter,
    gate: PipeReader,
}

impl Report {
    pub(crate) fn to_terminal() -> Self {
        Self(None)
    }

    pub(crate) fn to_lesson(words: PipeWriter, gate: PipeReader) -> Self {
        Self(Some(Arc::new(Lesson { words, gate })))
    }

    /// A line in one write: up to PIPE_BUF bytes, lines of several writers do not mix (pipe(7)).
    pub(crate) fn say(&self, word: Word, about: Option<SocketAddr>) -> io::Result<()> {
        let (pid, tid) = (getpid(), gettid());
        if let Some(lesson) = &self.0 {
            let port = about.map_or(0, |peer| peer.port());
            return (&lesson.words).write_all(format!("{word:?} {pid} {tid} {port}\n").as_bytes());
        }
        match (word, about) {
            (Word::Stays | Word::Takes, Some(peer)) => {
                writeln!(io::stdout(), "pid {pid}, thread {tid}: serves {peer}")
            }
            _ => Ok(()),
        }
    }

    /// What a request makes the server do before it answers. For a terminal nothing; in the lesson
    /// two requests stand for much work and for a fatal mistake.
    pub(crate) fn work(&self, peer: SocketAddr, request: &[u8]) -> io::Result<()> {
        let Some(lesson) = &self.0 else { return Ok(()) };
        match request {
            b"think" => {
                self.say(Word::Thinks, Some(peer))?;
                // A long computation, of which the lesson decides how long: until a byte comes.
                (&lesson.gate).read_exact(&mut [0])
            }
            // What a segmentation fault does, or the kernel when memory is out: the process is
            // gone at once, whatever is going on in it.
            b"crash" => Ok(kill(Pid::this(), Signal::SIGKILL)?),
            _ => Ok(()),
        }
    }
}
