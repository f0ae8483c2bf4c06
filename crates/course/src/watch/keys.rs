//! Keys without Enter: the terminal hands each one over at once and shows none of them (termios(3),
//! without ICANON and ECHO). Ctrl-C and Ctrl-Z stay signals.

use std::io::{self, IsTerminal as _, Stdin};
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use nix::unistd::{getpgrp, read, tcgetpgrp};

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Hint,
    Next,
    Again,
    Quit,
}

/// The keyboard; dropping it gives the terminal back as it was.
#[derive(Debug)]
pub(super) struct Keys {
    stdin: Stdin,
    before: Termios,
}

impl Keys {
    /// `None` without a terminal, and in the background of a shell, where a program that wants to
    /// change the terminal is stopped.
    pub(super) fn of_stdin() -> Option<Self> {
        let stdin = io::stdin();
        if !stdin.is_terminal() || tcgetpgrp(&stdin).ok()? != getpgrp() {
            return None;
        }
        let before = tcgetattr(&stdin).ok()?;
        let keys = Self { stdin, before };
        keys.take();
        Some(keys)
    }

    /// Takes the terminal, again: a shell that had it in between has modes of its own.
    pub(super) fn take(&self) {
        let mut modes = self.before.clone();
        // Tests in a group of their own write to the terminal, too, and must not stop for it.
        modes.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::TOSTOP);
        // A terminal that hangs up says so when it is read from.
        let _ = tcsetattr(&self.stdin, SetArg::TCSADRAIN, &modes);
    }

    /// What has been pressed; a terminal that has gone wants to quit.
    pub(super) fn pressed(&self) -> Option<Key> {
        let mut bytes = [0; 64];
        match read(&self.stdin, &mut bytes) {
            Ok(0) => Some(Key::Quit),
            Ok(n) => meant(&bytes[..n]),
            Err(nix::errno::Errno::EINTR | nix::errno::Errno::EAGAIN) => None,
            Err(_) => Some(Key::Quit),
        }
    }
}

/// The last one counts. An arrow and its like begin with an escape and mean nothing here.
fn meant(bytes: &[u8]) -> Option<Key> {
    if bytes.first() == Some(&0x1b) {
        return None;
    }
    bytes.iter().rev().find_map(|byte| match byte {
        b'h' | b'H' => Some(Key::Hint),
        b'n' | b'N' => Some(Key::Next),
        b'q' | b'Q' | 0x04 => Some(Key::Quit),
        b'\n' | b'\r' => Some(Key::Again),
        _ => None,
    })
}

impl AsFd for Keys {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stdin.as_fd()
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // As in `take`.
        let _ = tcsetattr(&self.stdin, SetArg::TCSADRAIN, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_is_no_key() {
        assert_eq!(meant(b"xh"), Some(Key::Hint));
        assert_eq!(meant(b"hN"), Some(Key::Next));
        assert_eq!(meant(b"\x1b[Hq"), None);
        assert_eq!(meant("\u{e9}".as_bytes()), None);
    }
}
