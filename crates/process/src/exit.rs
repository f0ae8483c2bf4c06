//! How a process has ended (wait(2), exit status; CPython `Process.exitcode`).

use std::fmt;

/// The code of a child that panicked, the one that Rust's own programs have.
pub const PANICKED: i32 = 101;

/// How a process has ended.
///
/// `status / 256`, which one meets in old code, is right for [`Exit::Code`] only: the other ends
/// have no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Exit {
    /// It left by exit(3) or _exit(2): 0 to 255, the low 8 bits of what it said (263 is 7).
    Code(i32),
    /// A signal ended it.
    Signal {
        /// The number, real-time signals included.
        number: i32,
        /// Whether a core was dumped (core(5)).
        core: bool,
    },
    /// It has ended, and how is not known: the kernel threw the status away because SIGCHLD is
    /// ignored or has SA_NOCLDWAIT, or other code of this process waited for it (ECHILD).
    Lost,
}

impl Exit {
    /// CPython's `exitcode`: the code, or the negative number of the signal; `None` when lost.
    pub fn code(self) -> Option<i32> {
        match self {
            Self::Code(code) => Some(code),
            Self::Signal { number, .. } => Some(-number),
            Self::Lost => None,
        }
    }

    /// True for code 0 and for nothing else.
    pub fn success(self) -> bool {
        self == Self::Code(0)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "code {code}"),
            Self::Signal { number, core } => {
                let name = crate::signals::Signal::new(*number).map(|signal| signal.to_string());
                f.write_str(&name.unwrap_or_else(|| format!("signal {number}")))?;
                if *core { f.write_str(" (core dumped)") } else { Ok(()) }
            }
            Self::Lost => f.write_str("ended, its status is lost"),
        }
    }
}
