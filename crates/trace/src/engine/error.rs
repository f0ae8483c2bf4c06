//! Why a program cannot be traced.

use std::fmt;

use syscall::Errno;

use super::Choice;
use super::signals::tracer_of;
use crate::sys::Tid;

/// Why a program cannot be traced, or no further.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// This system does not allow tracing, or somebody else does it already.
    Denied(Denial),
    /// A call of the tracer's own has failed.
    Call(syscall::Error),
    /// SIGCHLD is ignored in this process, so the kernel throws away how tasks have ended.
    ChildrenIgnored,
    /// A fault names a call that does not exist.
    NoSuchCall(String),
    /// A fault that no kernel would ever cause: what, and why not.
    Impossible(String),
    /// The schedule lets a task move that cannot.
    Schedule(Choice),
    /// There is no test of this name in this program.
    NoSuchTest(String),
}

/// Why ptrace(2) is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// EPERM; ENOSYS and EACCES under some filters.
    pub errno: Errno,
    /// Who traces already, by number: nobody can have a second tracer.
    pub tracer: Option<i32>,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { errno, tracer } = self;
        let Some(tracer) = tracer else {
            return write!(
                f,
                "this system does not allow one process to trace another (ptrace: {errno:?})"
            );
        };
        let name = std::fs::read_to_string(format!("/proc/{tracer}/comm")).unwrap_or_default();
        let name = name.trim_end();
        write!(f, "process {tracer} {name} traces here already (ptrace: {errno:?})")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(denial) => denial.fmt(f),
            Self::Call(error) => error.fmt(f),
            Self::ChildrenIgnored => {
                f.write_str("SIGCHLD is ignored here, so nobody can learn how a program ends")
            }
            Self::NoSuchCall(name) => write!(f, "there is no system call {name:?} to inject into"),
            Self::Impossible(what) => f.write_str(what),
            Self::Schedule(choice) => {
                write!(f, "the schedule says {choice}, but {} cannot move there", choice.task)
            }
            Self::NoSuchTest(name) => write!(f, "there is no test {name:?} in this program"),
        }
    }
}

impl std::error::Error for Error {}

impl From<syscall::Error> for Error {
    fn from(error: syscall::Error) -> Self {
        Self::Call(error)
    }
}

impl Error {
    /// Of the beginning: where ptrace(2) itself is refused, that is the whole story. `tid` is the
    /// task to be traced, or the one whose tracer follows its children.
    pub(crate) fn of_start(error: syscall::Error, tid: Tid) -> Self {
        match (error.call(), error.errno()) {
            ("ptrace", errno @ (Errno::EPERM | Errno::EACCES | Errno::ENOSYS)) => {
                Self::Denied(Denial { errno, tracer: tracer_of(tid) })
            }
            _ => Self::Call(error),
        }
    }

    /// Whether the task is gone that a request was made for.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Call(error) if error.errno() == Errno::ESRCH)
    }
}
