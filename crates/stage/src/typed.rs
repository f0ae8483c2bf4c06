//! What somebody types for the program: its standard input is a pipe.
//!
//! A program that reads nothing must not hold the interface up: what does not fit into the pipe is
//! refused.

use std::io::{ErrorKind, PipeWriter, Write as _, pipe};
use std::os::fd::OwnedFd;

use cli::Outcome;
use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// A line of at most so many bytes is written as a whole or not at all (pipe(7), PIPE_BUF).
pub(crate) const LINE: usize = 4095;

/// The writing end.
#[derive(Debug)]
pub(crate) struct Keys(PipeWriter);

/// Why a line was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The pipe is full.
    Full,
    /// Nobody has its other end any more.
    Closed,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Full => "not sent: the pipe is full, the program does not read",
            Self::Closed => "not sent: the program has closed its standard input",
        })
    }
}

/// Both ends: ours, and what becomes the program's standard input.
///
/// # Errors
/// EMFILE, ENFILE: no more descriptors.
pub(crate) fn keys() -> Outcome<(Keys, OwnedFd)> {
    let (reader, writer) = pipe()?;
    // The other end is an open file of its own: the program's reads wait as ever.
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok((Keys(writer), reader.into()))
}

impl Keys {
    /// Sends a line, without waiting.
    ///
    /// # Errors
    /// It did not fit, or nobody can read it.
    pub(crate) fn send(&mut self, line: &str) -> Result<(), Refusal> {
        match self.0.write_all(format!("{line}\n").as_bytes()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Err(Refusal::Full),
            Err(_) => Err(Refusal::Closed),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::fd::AsFd as _;

    use super::*;

    #[test]
    fn what_was_sent_is_read_until_the_keys_are_dropped() {
        let (mut keys, end) = keys().unwrap();
        assert_eq!((keys.send("one"), keys.send("")), (Ok(()), Ok(())));
        drop(keys);
        let mut text = String::new();
        std::fs::File::from(end).read_to_string(&mut text).unwrap();
        assert_eq!(text, "one\n\n");
    }

    #[test]
    fn a_program_that_reads_nothing_refuses_what_does_not_fit() {
        let (mut keys, end) = keys().unwrap();
        let line = "x".repeat(LINE);
        let sent = (0..1000).take_while(|_| keys.send(&line).is_ok()).count();
        assert!(sent > 0);
        assert_eq!(keys.send(&line), Err(Refusal::Full));
        assert!(!fcntl(end.as_fd(), FcntlArg::F_GETFL).unwrap() & OFlag::O_NONBLOCK.bits() != 0);
        drop(end);
        assert_eq!(keys.send("x"), Err(Refusal::Closed));
    }
}
