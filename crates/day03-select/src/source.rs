//! Something that lines come from: a client or the terminal, which is all the same to select.

use std::os::fd::OwnedFd;

use nix::errno::Errno;
use sockets::framing::{Decoder as _, Lines};

/// The longest line that is kept, in bytes.
const LIMIT: usize = 4096;

pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) fd: OwnedFd,
    lines: Lines,
    pub(crate) ended: bool,
}

impl Source {
    /// Dropping the source closes its descriptor.
    pub(crate) fn new(name: impl Into<String>, fd: impl Into<OwnedFd>) -> Self {
        let (name, fd) = (name.into(), fd.into());
        Self { name, fd, lines: Lines::with_limit(LIMIT), ended: false }
    }

    /// One read, which does not block because select has just said so, and all the lines that it
    /// completes: perhaps none, perhaps many. A BufReader here would take many lines from the
    /// kernel, give out one, and select would know nothing of the others.
    pub(crate) fn read_lines(&mut self) -> Vec<String> {
        let mut bytes = [0; 4096];
        match nix::unistd::read(&self.fd, &mut bytes) {
            // A reset, too, is the end of this source and of nothing else.
            Ok(0) => self.ended = true,
            Ok(n) => self.lines.push(&bytes[..n]),
            Err(Errno::EINTR | Errno::EAGAIN) => {}
            Err(_) => self.ended = true,
        }
        let mut lines = Vec::new();
        loop {
            // The last line may lack its newline.
            let next = if self.ended { self.lines.finish() } else { self.lines.next() };
            match next {
                Ok(Some(line)) => lines.push(harmless(&line)),
                Ok(None) => return lines,
                Err(error) => lines.push(format!("({error})")),
            }
        }
    }
}

/// Text that can be shown: what is not UTF-8, or would move a terminal's cursor, is replaced.
fn harmless(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let shown = |c: char| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}
