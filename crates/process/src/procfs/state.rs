//! The state of a process, the third field of /proc/PID/stat (proc(5), ps(1), PROCESS STATE CODES).

use std::fmt;

/// What a process is doing.
///
/// The textbook's "ready" and "running" are both [`State::Running`]; its "waiting" is any of
/// asleep, asleep on a device, stopped and traced; its "ended" is a zombie or dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// R: on a processor, or ready and waiting for one.
    Running,
    /// S: asleep until something happens or a signal comes.
    Sleeping,
    /// D: asleep and deaf to signals, mostly on a disk.
    DiskSleep,
    /// T: stopped by a signal (SIGSTOP, Ctrl-Z).
    Stopped,
    /// t: stopped by a debugger.
    Traced,
    /// Z: it has ended and nobody has waited for it.
    Zombie,
    /// X: it is just disappearing.
    Dead,
    /// I: an idle thread of the kernel.
    Idle,
    /// P: a parked thread of the kernel.
    Parked,
    /// A letter that this list does not know.
    Other(char),
}

impl State {
    /// From its letter.
    pub fn from_letter(letter: char) -> Self {
        match letter {
            'R' => Self::Running,
            'S' => Self::Sleeping,
            'D' => Self::DiskSleep,
            'T' => Self::Stopped,
            't' => Self::Traced,
            'Z' => Self::Zombie,
            'X' | 'x' => Self::Dead,
            'I' => Self::Idle,
            'P' => Self::Parked,
            other => Self::Other(other),
        }
    }

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Self::Running => 'R',
            Self::Sleeping => 'S',
            Self::DiskSleep => 'D',
            Self::Stopped => 'T',
            Self::Traced => 't',
            Self::Zombie => 'Z',
            Self::Dead => 'X',
            Self::Idle => 'I',
            Self::Parked => 'P',
            Self::Other(letter) => letter,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}
